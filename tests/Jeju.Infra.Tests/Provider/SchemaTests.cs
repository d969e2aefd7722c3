using System.Reflection;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Provider;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Golden;
using Pulumi;

namespace Jeju.Infra.Tests.Provider;

/// <summary>The schema, and that the typed classes of components/Resources say the same as it.</summary>
public sealed class SchemaTests
{
    private static readonly IReadOnlyList<IResourceHandler> Handlers = ResourceHandlers.All(Checkout.Layout, TimeProvider.System, _ => null);

    public static TheoryData<string> Tokens => [.. Handlers.Select(handler => handler.Token)];

    [Fact]
    public void The_schema_changes_only_on_purpose() => GoldenFile.Verify("jeju.schema.json", SchemaWriter.Write(Handlers));

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Every_property_has_a_description(string token)
    {
        var handler = Handler(token);

        Assert.All(
            handler.Inputs.Properties.Concat(handler.Outputs.Properties),
            property => Assert.EndsWith(".", property.Attribute.Description, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void The_typed_class_has_exactly_the_properties_of_the_handler(string token)
    {
        var handler = Handler(token);
        var name = token.Split(':')[^1];
        var resource = typeof(LocalChain).Assembly.GetType($"Jeju.Infra.Components.Resources.{name}");
        var arguments = typeof(LocalChain).Assembly.GetType($"Jeju.Infra.Components.Resources.{name}Args");
        Assert.NotNull(resource);
        Assert.NotNull(arguments);

        Assert.Equal(
            handler.Inputs.Properties.Where(property => !property.Attribute.Computed).Select(property => (property.Name, property.IsRequired)).Order(),
            InputsOf(arguments).Order());
        Assert.Subset(
            handler.Inputs.Properties.Concat(handler.Outputs.Properties).Select(property => property.Name).ToHashSet(),
            OutputsOf(resource).ToHashSet());
    }

    private static IResourceHandler Handler(string token) => Handlers.Single(handler => handler.Token == token);

    private static IEnumerable<(string Name, bool IsRequired)> InputsOf(Type arguments) => arguments
        .GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(member => member.GetCustomAttribute<InputAttribute>())
        .OfType<InputAttribute>()
        .Select(input => ((string)Field(input, "Name"), (bool)Field(input, "IsRequired")));

    private static IEnumerable<string> OutputsOf(Type resource) => resource
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Select(property => property.GetCustomAttribute<OutputAttribute>())
        .OfType<OutputAttribute>()
        .Select(output => (string)Field(output, "Name"));

    // Not public in the SDK.
    private static object Field(Attribute attribute, string name) =>
        attribute.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(attribute)
        ?? throw new InvalidOperationException($"{attribute} has no {name}.");
}
