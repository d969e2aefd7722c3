using System.Text.Json;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Stacks;
using Pulumi;
using Pulumi.Testing;

namespace Jeju.Infra.Tests.Cli;

/// <summary>
/// <c>contracts deploy</c> and <c>verify</c> read the settings without the program; what they plan must be what the program has the plugin plan.
/// </summary>
public sealed class StackSuiteTests : IDisposable
{
    private const string Contracts = """
          jeju-infra:contracts:
            regions: [eu-west-1, mars-north-1]
            countries: [CH]
            watchers:
              - "0x00000000000000000000000000000000000000a1"
              - "0x00000000000000000000000000000000000000a2"
              - "0x00000000000000000000000000000000000000a3"
            watcherQuorum: 3
            jejuPerDollar: 7
            attestationVerifier: "0x00000000000000000000000000000000000000b0"
            exceptions: ["AutoSlasher: ORACLE_ROLE"]
            outputOracle: "0x00000000000000000000000000000000000000b1"

        """;

    private static readonly string Games = Contracts.Replace(
        "outputOracle: \"0x00000000000000000000000000000000000000b1\"",
        "disputeGameFactory: \"0x00000000000000000000000000000000000000b2\"\n    disputeGameType: 254",
        StringComparison.Ordinal);

    private const string Public = """
          jeju-infra:chainEndpoint: https://sepolia.base.org
          jeju-infra:deployer: { type: environment, key: JEJU_DEPLOYER_KEY }
          jeju-infra:consumer: { type: environment, key: JEJU_CONSUMER_KEY, address: "0x00000000000000000000000000000000000000c0" }
          jeju-infra:proposer: "0x00000000000000000000000000000000000000d0"
          jeju-infra:guardian: "0x00000000000000000000000000000000000000e0"
          jeju-infra:paymentToken: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"

        """;

    private const string Production = """
          jeju-infra:chainEndpoint: https://mainnet.base.org
          jeju-infra:deployer: { type: awsKms, key: alias/deployer, region: eu-west-1 }
          jeju-infra:consumer: { type: awsKms, key: alias/consumer, region: eu-west-1 }
          jeju-infra:paymentToken: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"

        """;

    private static readonly Address Deployer = Address.Parse("0x00000000000000000000000000000000000000f0");
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-suite-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Stacks => new()
    {
        { "localnet", "  jeju-infra:chainPort: 9000\n" },
        { "localnet", Contracts },
        { "testnet", Public },
        { "testnet", Public + Contracts },
        { "testnet", Public + Games },
        { "mainnet", Production },
        { "mainnet", Production + Contracts },
    };

    [Theory]
    [MemberData(nameof(Stacks))]
    public async Task What_the_commands_plan_is_what_the_program_has_planned(string stack, string settings)
    {
        RepositoryLayout layout = new(_folder);
        Directory.CreateDirectory(layout.StacksFolder);
        File.Copy(Path.Combine(Checkout.Layout.Root, "Pulumi.yaml"), Path.Combine(_folder, "Pulumi.yaml"));
        await File.WriteAllTextAsync(layout.StackSettingsFile(stack), "config:\n" + settings);

        using StackSuite suite = StackSuite.Of(Context(layout), stack);
        SuiteSettings planned = await PlannedByTheProgramAsync(layout, stack);

        Assert.Equal(Describe(planned), Describe(suite.Settings(Deployer)));
        Assert.Equal(settings.Contains("jejuPerDollar: 7", StringComparison.Ordinal), planned.JejuPerDollar == 7);
        Assert.Equal(settings.Contains("outputOracle", StringComparison.Ordinal), planned.OutputOracle is not null);
        Assert.Equal(settings.Contains("disputeGameType", StringComparison.Ordinal) ? 254U : 0, planned.DisputeGameType);
        Assert.Equal(settings.Contains("watchers", StringComparison.Ordinal) ? 3 : 0, planned.Watchers.Count);
    }

    private static async Task<SuiteSettings> PlannedByTheProgramAsync(RepositoryLayout layout, string stack)
    {
        SettingsFile file = SettingsFile.Read(layout.StackSettingsFile(stack));
        Dictionary<string, string> values = file.Keys.ToDictionary(key => key, key => file.Text(key) ?? "", StringComparer.Ordinal);
        SettingsReader reader = new(file, NetworkProfile.ForStack(stack));
        PlannedResources planned = new();
        await Deployment.TestAsync(
            planned,
            new TestOptions { ProjectName = "jeju-infra", StackName = stack, IsPreview = false },
            () => stack == "localnet"
                ? LocalnetStack.Define(reader.Read<LocalnetSettings>(values))
                : MarketStack.Define(reader.Read<MarketSettings>(values), NetworkProfile.ForStack(stack)));
        JsonElement inputs = JsonSerializer.Deserialize<JsonElement>(planned.ToJson()).EnumerateObject()
            .Single(resource => resource.Name.StartsWith("jeju:index:ContractSuite::", StringComparison.Ordinal)).Value;
        return ContractSuiteHandler.SettingsOf(PropertyBinder.Restore<ContractSuiteInputs>(Map(inputs)), Deployer);
    }

    /// <summary>Every member in words, because lists are equal only when they are the same list.</summary>
    private static string Describe(SuiteSettings settings) => string.Join('\n', typeof(SuiteSettings).GetProperties()
        .Where(property => !property.GetMethod!.IsStatic)
        .Select(property => property.GetValue(settings) switch
        {
            IEnumerable<object> list => $"{property.Name}: {string.Join(", ", list)}",
            IEnumerable<Address> accounts => $"{property.Name}: {string.Join(", ", accounts)}",
            var value => $"{property.Name}: {value}",
        }));

    private static PropertyMap Map(JsonElement element) =>
        PropertyMap.From(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Value(member.Value))));

    private static PropertyValue Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Map(element),
        JsonValueKind.Array => PropertyList.From(element.EnumerateArray().Select(Value)),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        _ => element.GetString() ?? "",
    };

    private static CommandContext Context(RepositoryLayout layout)
    {
        CommandContext any = CommandLineTester.Context();
        return new CommandContext
        {
            Output = any.Output,
            Page = any.Page,
            Talk = any.Talk,
            Input = any.Input,
            CanAsk = false,
            Time = any.Time,
            ReadEnvironment = any.ReadEnvironment,
            FindLayout = () => layout,
        };
    }
}
