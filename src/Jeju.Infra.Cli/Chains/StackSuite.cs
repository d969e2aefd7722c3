using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Chains;

/// <summary>
/// A stack's contracts as its settings describe them: the same plan that <c>up</c> carries out, and the key that deploys. The program passes the
/// same settings to the plugin; a test compares the two.
/// </summary>
internal sealed class StackSuite : IDisposable
{
    private readonly KeyServiceDirectory _services;
    private readonly SignerResolver _signers;
    private readonly CommandContext _context;

    private StackSuite(CommandContext context, NetworkProfile network, string url, SignerReference deployer, Func<Address, SuiteSettings> settings)
    {
        _context = context;
        _services = new KeyServiceDirectory(context.ReadEnvironment, context.Time);
        _signers = new SignerResolver(context.ReadEnvironment, context.Layout.Root, _services);
        Network = network;
        Url = url;
        Deployer = deployer;
        Settings = settings;
    }

    /// <summary>The environment.</summary>
    public NetworkProfile Network { get; }

    /// <summary>The key that deploys.</summary>
    public SignerReference Deployer { get; }

    private string Url { get; }

    /// <summary>The settings of the plan for the deployer's account.</summary>
    internal Func<Address, SuiteSettings> Settings { get; }

    /// <summary>Reads a stack's settings.</summary>
    /// <exception cref="InfraException">JEJU0701: no such stack; JEJU0010: a setting is missing.</exception>
    public static StackSuite Of(CommandContext context, string stack)
    {
        NetworkProfile network = NetworkProfile.ForStack(stack);
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        StackConfig config = StackConfig.Load(project.StackSettingsPath(stack), project.Name);
        string? Text(string name) => config.Entries.TryGetValue($"{project.Name}:{name}", out ConfigEntry? entry) ? entry.Value : null;
        string Required(string name) => Text(name) ?? throw CliErrors.Usage(
            $"The settings of stack '{stack}' do not have '{name}'.", $"Add jeju-infra:{name} to stacks/Pulumi.{stack}.yaml.");
        JsonElement? parameters = Text("contracts") is { } group ? Object(group) : null;
        if (network.Name is NetworkName.Localnet)
        {
            return new StackSuite(
                context, network, $"http://127.0.0.1:{Text("chainPort") ?? "8545"}", new SignerReference { Type = SignerType.Development, Key = "deployer" },
                deployer => WithParameters(SuiteSettings.For(network, deployer), parameters));
        }

        JsonElement deployer = Object(Required("deployer"));
        string? Member(string name) => deployer.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        SignerReference signer = new()
        {
            Type = Enum.TryParse(Member("type"), ignoreCase: true, out SignerType type) ? type : SignerType.Environment,
            Key = Member("key"),
            Address = Account(Member("address")),
            PassphraseVariable = Member("passphraseVariable"),
            PassphraseFile = Member("passphraseFile"),
            Region = Member("region"),
            Profile = Member("profile"),
        };
        Address? nameOwner = Text("consumer") is { } consumer && Object(consumer).TryGetProperty("address", out JsonElement owner) ? Account(owner.GetString()) : null;
        return new StackSuite(context, network, Required("chainEndpoint"), signer, account => WithParameters(SuiteSettings.For(network, account), parameters) with
        {
            Proposer = Account(Text("proposer")) ?? account,
            Guardian = Account(Text("guardian")),
            PaymentToken = Account(Text("paymentToken")),
            NameOwner = nameOwner,
        });
    }

    /// <summary>Connects, and makes sure that it is the stack's chain.</summary>
    public Task<ChainClient> ConnectAsync(CancellationToken cancellationToken) =>
        ChainClient.ConnectAsync(ChainEndpoint.FromUrl(Url), Network.SettlementChain, _context.Time, cancellationToken);

    /// <summary>The plan. The deployer's account must be in the settings, or follow from its key.</summary>
    /// <exception cref="InfraException">JEJU0010: the account is not known.</exception>
    public async Task<SuitePlan> PlanAsync(CancellationToken cancellationToken)
    {
        Address account = await _signers.FindAccountAsync(Deployer, Network.SettlementChain, cancellationToken) ?? throw CliErrors.Usage(
            $"The account that deploys the contracts of stack '{Network.StackName}' is not known.",
            $"Add the account as 'address' to jeju-infra:deployer in stacks/Pulumi.{Network.StackName}.yaml, or give the command the key.");
        return await SuitePlan.CreateAsync(Settings(account), new ContractArtifacts(_context.Layout), cancellationToken);
    }

    /// <summary>The pipeline of a key, the deployer's where none is named. It signs for the factories and the suite's contracts alone.</summary>
    public async Task<TransactionPipeline> OpenPipelineAsync(
        ChainClient chain, SuitePlan plan, CancellationToken cancellationToken, SignerReference? named = null)
    {
        ISigner signer = await _signers.ResolveAsync(named ?? Deployer, Network.SettlementChain, cancellationToken);
        SigningLimits limits = new(
            new HashSet<Address>([Create2.KeylessDeployer, plan.Compiled.FactoryAddress, .. plan.Addresses.All.Values]), System.Numerics.BigInteger.Zero);
        return await TransactionPipeline.OpenAsync(
            chain,
            new LimitedSigner(signer, limits),
            await TransactionJournal.OpenAsync(
                _context.Layout.JournalFolder(Network.StackName), chain.Identity, signer.Address, _context.Time, cancellationToken),
            new TransactionPipelineOptions { Confirmations = Network.Confirmations },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    /// <summary>The settings of <c>contracts</c>. What is wrong with them the program says, which reads them first in every <c>up</c> and <c>preview</c>.</summary>
    private static SuiteSettings WithParameters(SuiteSettings settings, JsonElement? group)
    {
        if (group is not { ValueKind: JsonValueKind.Object } parameters)
        {
            return settings;
        }

        IReadOnlyList<string>? List(string name) => parameters.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(entry => entry.ToString())]
            : null;
        int? Number(string name) => parameters.TryGetProperty(name, out JsonElement value)
            && int.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;
        Address? AccountOf(string name) => parameters.TryGetProperty(name, out JsonElement account) ? Account(account.ToString()) : null;
        return settings with
        {
            Regions = List("regions") ?? settings.Regions,
            Countries = List("countries") ?? settings.Countries,
            Watchers = [.. (List("watchers") ?? []).Select(Account).OfType<Address>()],
            WatcherQuorum = Number("watcherQuorum"),
            JejuPerDollar = Number("jejuPerDollar") ?? settings.JejuPerDollar,
            AttestationVerifier = AccountOf("attestationVerifier"),
            OutputOracle = AccountOf("outputOracle"),
            DisputeGameFactory = AccountOf("disputeGameFactory"),
            DisputeGameType = (uint)(Number("disputeGameType") ?? 0),
            Exceptions = List("exceptions") ?? [],
        };
    }

    private static Address? Account(string? text) => Address.TryParse(text, out Address account) ? account : null;

    private static JsonElement Object(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
