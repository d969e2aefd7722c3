using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>The settings of the stacks <c>testnet</c> and <c>mainnet</c> for the contracts and the marketplace.</summary>
public record MarketSettings : ICheckedSettings
{
    /// <summary>The JSON-RPC endpoint of the settlement chain.</summary>
    [Setting("The JSON-RPC endpoint of the settlement chain.", Pattern = "https?://.+", PatternMeaning = "an http or https address")]
    public required string ChainEndpoint { get; init; }

    /// <summary>The DNS zone of the stack's endpoints.</summary>
    [Setting("The DNS zone of the stack's endpoints; needed with a cloud.",
        Pattern = @"[a-z0-9-]+(\.[a-z0-9-]+)+", PatternMeaning = "a DNS name such as testnet.jejunetwork.org")]
    public string? Zone { get; init; }

    /// <summary>Whether the zone is delegated already.</summary>
    [Setting("Whether the registry, or the zone above, names the servers of the stack's zone already; a preview warns until it does.")]
    public bool ZoneDelegated { get; init; }

    /// <summary>Who is told when something is wrong.</summary>
    [Setting("Who is told when something is wrong, as mail addresses.", Pattern = @"[^@\s]+@[^@\s]+\.[^@\s]+", PatternMeaning = "a mail address")]
    public IReadOnlyList<string> AlarmRecipients { get; init; } = [];

    /// <summary>Amazon Web Services.</summary>
    [Setting("What the stack has on Amazon Web Services; nothing where absent.")]
    public AwsSettings? Aws { get; init; }

    /// <summary>Google Cloud.</summary>
    [Setting("What the stack has on Google Cloud; nothing where absent. Beside Amazon Web Services its zone is 'gcp' below the stack's.")]
    public GcpSettings? Gcp { get; init; }

    /// <summary>Whether the clouds are joined.</summary>
    [Setting("Whether the networks of the two clouds reach each other through encrypted tunnels, by address: names of one are not known in the other. Needs both clouds.")]
    public bool JoinClouds { get; init; }

    /// <summary>The Jeju chain.</summary>
    [Setting("The Jeju chain, a rollup on Ethereum that the clouds run.")]
    public RollupSettings Rollup { get; init; } = new();

    /// <summary>The sizes of the clusters' services.</summary>
    [Setting("How many replicas the clusters' services have, and how large their volumes are.")]
    public ChainServicesSettings ChainServices { get; init; } = new();

    /// <summary>The images of the clusters' services.</summary>
    [Setting("The images of the clusters' services, each by an exact version or a digest.")]
    public ImageSettings Images { get; init; } = new();

    /// <summary>The key that deploys the contracts.</summary>
    [Setting("The key that deploys and upgrades the contracts; their addresses follow from its account.")]
    public required SignerSettings Deployer { get; init; }

    /// <summary>The Safe that proposes administrative changes.</summary>
    [Setting("The Safe that proposes administrative changes to the timelock.")]
    public Address? Proposer { get; init; }

    /// <summary>The account that may pause.</summary>
    [Setting("The account that may pause the contracts, and nothing else.")]
    public Address? Guardian { get; init; }

    /// <summary>The token that leases are paid in.</summary>
    [Setting("The dollar token with EIP-3009 that leases are paid in; testnet deploys a test token where absent, mainnet needs one.")]
    public Address? PaymentToken { get; init; }

    /// <summary>What the contracts are told about the network.</summary>
    [Setting("What the contracts are told about the network: places, watchers, rates.")]
    public ContractsSettings Contracts { get; init; } = new();

    /// <summary>The key that owns the network's own provider node.</summary>
    [Setting("The key that stakes for and owns the network's own provider node; none where absent.")]
    public SignerSettings? Operator { get; init; }

    /// <summary>The account that sends heartbeats.</summary>
    [Setting("The account with which the provider node's agent reports; needed with operator.")]
    public Address? AgentAddress { get; init; }

    /// <summary>A second provider node.</summary>
    [Setting("The network's second provider node, on the cluster of the other cloud: what has no state fails over to it. Without it that cluster's agent stands by.")]
    public StandbyNodeSettings? StandbyNode { get; init; }

    /// <summary>The public endpoint of the provider node's agent.</summary>
    [Setting("The public endpoint of the provider node's agent.", Pattern = "https://.+", PatternMeaning = "an https address")]
    public string NodeEndpoint { get; init; } = "https://dws.jejunetwork.org";

    /// <summary>The region that the node announces.</summary>
    [Setting("The region that the provider node announces.", Pattern = "[a-z0-9][a-z0-9-]{0,30}", PatternMeaning = "a region's lower-case name")]
    public string Region { get; init; } = "us-east-1";

    /// <summary>The operator's own stake, in JEJU.</summary>
    [Setting("The operator's own stake in his node.", Unit = "JEJU", Minimum = 10_000, Maximum = 1_000_000)]
    public int Stake { get; init; } = 10_000;

    /// <summary>The operator's commission.</summary>
    [Setting("The operator's share of the earnings, before stakers are paid.", Unit = "basis points", Minimum = 2000, Maximum = 4000)]
    public int Commission { get; init; } = 2000;

    /// <summary>How many leases of each kind the node offers.</summary>
    [Setting("How many leases of each kind the node offers.", Unit = "leases", Minimum = 1, Maximum = 1000)]
    public int CapacityPerKind { get; init; } = 4;

    /// <summary>The key that orders and pays.</summary>
    [Setting("The key that orders and pays the services; not the operator's.")]
    public required SignerSettings Consumer { get; init; }

    /// <summary>The key for which credentials are sealed.</summary>
    [Setting("The X25519 key for which the services' credentials are sealed, as 32 bytes in hexadecimal; derived from the consumer's key where absent, which a key service does not allow.",
        Pattern = "0x[0-9a-fA-F]{64}", PatternMeaning = "0x and 64 hexadecimal digits", Secret = true)]
    public string? EncryptionKey { get; init; }

    /// <summary>The services that the stack orders.</summary>
    [Setting("The services that the stack orders through the marketplace: a list of kinds, or of groups with name, kind and more.",
        UniqueBy = nameof(ServiceSettings.Name))]
    public IReadOnlyList<ServiceSettings> Services { get; init; } = [];

    /// <summary>What the policy may find.</summary>
    [Setting("Findings of the policy that may stay, each with a justification.")]
    public IReadOnlyList<PolicyExceptionSettings> PolicyExceptions { get; init; } = [];

    /// <summary>What empty settings mean on a network, for the reference.</summary>
    internal static MarketSettings Defaults(NetworkProfile network) =>
        Activator.CreateInstance<MarketSettings>() with
        {
            ChainServices = ChainServicesSettings.Of(WorkloadSizes.For(network.Name)),
            Contracts = ContractsSettings.Defaults(network),
        };

    /// <summary>The sizes of the clusters' services with what is set.</summary>
    internal WorkloadSizes SizesFor(NetworkProfile network) => ChainServices.Over(WorkloadSizes.For(network.Name));

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if ((Aws is not null || Gcp is not null) && Zone is null)
        {
            yield return new SettingRefusal(["zone"], "the setting is missing, and the stack has a cloud", $"write 'jeju-infra:zone: {network.StackName}.jejunetwork.org' below 'config:'");
        }

        if ((Aws is not null || Gcp is not null) && AlarmRecipients.Count == 0)
        {
            yield return new SettingRefusal(["alarmRecipients"], "the list is empty, and the stack has a cloud", "write at least one mail address: an alarm that nobody gets is none");
        }

        if (JoinClouds && (Aws is null || Gcp is null))
        {
            yield return new SettingRefusal(["joinClouds"], "'true' needs two clouds, and the stack has not both", "add the missing cloud, or leave the setting out");
        }

        if (Rollup.SequencingCloud is { } sequencing && (Aws is not null || Gcp is not null) && (sequencing == CloudName.Aws ? Aws is null : Gcp is null))
        {
            yield return new SettingRefusal(
                ["rollup", "sequencingCloud"], $"the stack has nothing on '{SettingValue.NameOf(sequencing.ToString())}'", "name a cloud that the stack has, or leave the setting out");
        }

        if (Operator is not null && AgentAddress is null)
        {
            yield return new SettingRefusal(["agentAddress"], "the setting is missing, and there is an operator", "write the account with which the node's agent reports");
        }

        foreach (SettingRefusal refusal in StandbyNode?.CheckIn(this) ?? [])
        {
            yield return refusal;
        }

        if (PaymentToken is null && network.Name == NetworkName.Mainnet)
        {
            yield return new SettingRefusal(["paymentToken"], "the setting is missing", "write the address of USDC on the settlement chain");
        }

        if (EncryptionKey is null && Services.Count > 0 && Consumer.Type is SignerKind.AwsKms or SignerKind.GcpKms)
        {
            yield return new SettingRefusal(
                ["encryptionKey"], "the setting is missing, and the consumer's key never leaves its key service", "write one with `pulumi config set --secret jeju-infra:encryptionKey`");
        }

        (string Name, Address? Value)[] accounts =
            [("proposer", Proposer), ("guardian", Guardian), ("paymentToken", PaymentToken), ("agentAddress", AgentAddress)];
        foreach ((string name, Address? value) in accounts)
        {
            if (value is { IsZero: true })
            {
                yield return new SettingRefusal([name], "the zero address is nobody's", "write an address, or leave the setting out");
            }
            else if (value is { } account && DevelopmentAccounts.IsWellKnown(account))
            {
                yield return new SettingRefusal([name], DevelopmentAccounts.Refusal(account), "write an account whose key you alone have");
            }
        }

        if (Operator is not null && Operator.Type == Consumer.Type && Operator.Key == Consumer.Key)
        {
            yield return new SettingRefusal(["consumer", "key"], $"'{Consumer.Key}' is the operator's key", "use another: a network must not buy from itself with one account");
        }
    }
}
