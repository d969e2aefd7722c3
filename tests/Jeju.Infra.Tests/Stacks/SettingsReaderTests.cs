using System.Reflection;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Stacks;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Absent_settings_have_their_defaults()
    {
        var settings = Read("config: {}");

        Assert.Equal(8545, settings.ChainPort);
        Assert.Equal(["postgres", "redis"], settings.Services.Select(service => service.Kind));
        Assert.Equal(ServiceReadiness.Ready, settings.Services[0].WaitFor);
    }

    [Fact]
    public void A_service_is_a_kind_or_a_group()
    {
        var settings = Read("""
            config:
              jeju-infra:chainPort: 9000
              jeju-infra:services:
                - redis
                - name: orders
                  kind: postgres
                  hours: 24
                  maximumPricePerHour: 0.25
                  waitFor: accepted
            """);

        Assert.Equal(9000, settings.ChainPort);
        Assert.Equal(["redis", "orders"], settings.Services.Select(service => service.Name));
        Assert.Equal(24, settings.Services[1].Hours);
        Assert.Equal(0.25m, settings.Services[1].MaximumPricePerHour);
        Assert.Equal(ServiceReadiness.Accepted, settings.Services[1].WaitFor);
    }

    [Theory]
    [InlineData("jeju-infra:chanPort: 1", "Pulumi.test.yaml:2: jeju-infra:chanPort: there is no such setting; did you mean 'chainPort'?")]
    [InlineData("jeju-infra:colour: red", "Pulumi.test.yaml:2: jeju-infra:colour: there is no such setting; use one of backend, ")]
    [InlineData("jeju-infra:chainPort: 80", "Pulumi.test.yaml:2: jeju-infra:chainPort: '80' is out of range; write a whole number from 1024 to 65535")]
    [InlineData("jeju-infra:chainPort: high", "Pulumi.test.yaml:2: jeju-infra:chainPort: 'high' is not a whole number; write a whole number from 1024 to 65535")]
    [InlineData("jeju-infra:backend: podman", "Pulumi.test.yaml:2: jeju-infra:backend: 'podman' is not allowed; use one of docker, null")]
    [InlineData("jeju-infra:networkRange: here", "Pulumi.test.yaml:2: jeju-infra:networkRange: 'here' is not an IPv4 range such as 10.213.0.0/16, from /12 to /24;")]
    [InlineData("jeju-infra:services: 5", "Pulumi.test.yaml:2: jeju-infra:services: a list is expected, not '5'; write one entry per line, each after '- '")]
    [InlineData("jeju-infra:services:\n    - mysql", "Pulumi.test.yaml:3: jeju-infra:services[0].kind: 'mysql' is not allowed; use one of bitcoin, ")]
    [InlineData("jeju-infra:services:\n    - name: a\n      kind: redis\n      hour: 3", "Pulumi.test.yaml:5: jeju-infra:services[0].hour: there is no such setting; did you mean 'hours'?")]
    [InlineData("jeju-infra:services:\n    - name: a\n      kind: redis\n      hours: 721", "Pulumi.test.yaml:5: jeju-infra:services[0].hours: '721' is out of range; write a whole number from 1 to 720 hours")]
    [InlineData("jeju-infra:services:\n    - kind: redis", "Pulumi.test.yaml:3: jeju-infra:services[0].name: the setting is missing; write 'name: ...'")]
    [InlineData("jeju-infra:services:\n    - name: a\n      kind: redis\n      tee: maybe", "Pulumi.test.yaml:5: jeju-infra:services[0].tee: 'maybe' is neither true nor false; write true or false")]
    public void A_wrong_setting_is_refused_with_its_name_the_line_and_what_is_allowed(string text, string expected)
    {
        var error = Assert.Throws<InfraException>(() => Read("config:\n  " + text));

        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<InfraException>(() => Read("config:\n  jeju-infra:chainPort: 80\n  jeju-infra:backend: x\n  jeju-infra:other: 1"));

        Assert.StartsWith("3 settings are wrong.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_services_cannot_have_one_name()
    {
        var error = Assert.Throws<InfraException>(() => Read("config:\n  jeju-infra:services:\n    - redis\n    - redis"));

        Assert.Contains("Pulumi.test.yaml:4: jeju-infra:services[1]: the name 'redis' is taken by services[0]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_yaml_is_refused_with_the_line()
    {
        var error = Assert.Throws<InfraException>(() => Read("config:\n  a: [1\n"));

        Assert.Contains("Pulumi.test.yaml:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SettingsTypes))]
    public void Every_setting_has_a_description(Type type) => Assert.All(
        Nested(type).SelectMany(record => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Where(property => property.CanWrite),
        property => Assert.False(
            string.IsNullOrWhiteSpace(property.GetCustomAttribute<SettingAttribute>()?.Description), $"{property.DeclaringType?.Name}.{property.Name}"));

    [Theory]
    [InlineData("localnet")]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void The_settings_file_of_every_stack_binds(string stack)
    {
        var file = SettingsFile.Read(Checkout.Layout.StackSettingsFile(stack));
        var reader = new SettingsReader(file);

        if (stack == "localnet")
        {
            reader.Read<LocalnetSettings>(Values(file));
        }
        else
        {
            reader.Read<MarketSettings>(Values(file));
        }
    }

    public static TheoryData<Type> SettingsTypes => [typeof(LocalnetSettings), typeof(MarketSettings)];

    private static IEnumerable<Type> Nested(Type type) => type
        .GetProperties()
        .Select(property => property.PropertyType)
        .SelectMany(property => property.IsGenericType ? property.GetGenericArguments() : [property])
        .Where(candidate => candidate.Namespace == typeof(LocalnetSettings).Namespace && candidate.IsClass)
        .SelectMany(Nested)
        .Prepend(type)
        .Distinct();

    private static Dictionary<string, string> Values(SettingsFile file) =>
        file.Keys.ToDictionary(key => key, key => file.Text(key) ?? "", StringComparer.Ordinal);

    private LocalnetSettings Read(string yaml)
    {
        var path = Path.Combine(_folder, "Pulumi.test.yaml");
        File.WriteAllText(path, yaml);
        var file = SettingsFile.Read(path);
        return new SettingsReader(file).Read<LocalnetSettings>(Values(file));
    }
}
