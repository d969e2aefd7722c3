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

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<InfraException>(() => Read("config:\n  jeju-infra:chainPort: 80\n  jeju-infra:backend: x\n  jeju-infra:other: 1"));

        Assert.StartsWith("3 settings are wrong.", error.Message, StringComparison.Ordinal);
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
        var reader = new SettingsReader(file, NetworkProfile.ForStack(stack));

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
        return new SettingsReader(file, NetworkProfile.Localnet).Read<LocalnetSettings>(Values(file));
    }
}
