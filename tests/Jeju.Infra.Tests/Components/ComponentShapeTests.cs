using System.Reflection;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Components.Marketplace;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Chain;
using Pulumi;

namespace Jeju.Infra.Tests.Components;

/// <summary>The shape that every component has, so that it could be served to other languages as it is.</summary>
public sealed class ComponentShapeTests
{
    public static TheoryData<Type> Components =>
        [.. typeof(OrderedService).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ComponentResource)) && !type.IsAbstract && type.IsPublic)];

    public static TheoryData<Type> Resources =>
        [.. typeof(LocalChain).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CustomResource)) && !type.IsAbstract && type.IsPublic)];

    [Theory]
    [MemberData(nameof(Components))]
    public void A_component_is_made_of_a_name_arguments_and_options(Type component)
    {
        var constructor = Assert.Single(component.GetConstructors());
        var parameters = constructor.GetParameters();

        Assert.Equal(3, parameters.Length);
        Assert.Equal(typeof(string), parameters[0].ParameterType);
        Assert.Equal($"{component.Name}Args", parameters[1].ParameterType.Name);
        Assert.True(parameters[1].ParameterType.IsSubclassOf(typeof(ResourceArgs)));
        Assert.Equal(typeof(ComponentResourceOptions), parameters[2].ParameterType);
        Assert.True(parameters[2].IsOptional);
    }

    [Theory]
    [MemberData(nameof(Components))]
    [MemberData(nameof(Resources))]
    public void Every_output_is_marked_as_one(Type resource) => Assert.All(
        resource.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => IsOutput(property.PropertyType)),
        property => Assert.NotNull(property.GetCustomAttribute<OutputAttribute>()));

    [Fact]
    public void The_agents_address_is_that_of_anvils_account() =>
        Assert.Equal(DevelopmentAccounts.AgentAddress, AnvilAccounts.Agent.Address.ToString());

    private static bool IsOutput(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Output<>);
}
