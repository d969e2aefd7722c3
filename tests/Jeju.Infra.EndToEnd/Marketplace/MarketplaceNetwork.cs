using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Orders;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>
/// A chain of its own with the whole suite, a staked provider node that offers Postgres and Redis, and a consumer. Everything is on free
/// ports and in a temporary folder, and is gone at the end.
/// </summary>
internal sealed class MarketplaceNetwork : IAsyncDisposable
{
    private const uint Capacity = 8;
    private static readonly BigInteger Stake = TokenAmount.FromTokens(20_000, 18).Units;

    private readonly LocalChainSettings _chainSettings;
    private readonly HttpClient _http = new();
    private readonly List<IDisposable> _disposables;

    private readonly IReadOnlyList<Address> _watchers;

    private MarketplaceNetwork(string folder, LocalChainSettings chainSettings, IReadOnlyList<Address> watchers)
    {
        Folder = folder;
        _chainSettings = chainSettings;
        _watchers = watchers;
        _disposables = [_http];
    }

    public string Folder { get; }

    public ChainClient Chain { get; private set; } = null!;

    public SuiteAddresses Addresses { get; private set; } = null!;

    public TransactionPipeline Consumer { get; private set; } = null!;

    public TransactionPipeline Operator { get; private set; } = null!;

    public Bytes32 NodeId { get; private set; }

    public AgentSettings Settings { get; private set; } = null!;

    public ExternalChainProviderContract Orders => new(Addresses["ExternalChainProvider"]);

    public EncryptionKey Key { get; } = EncryptionKey.Derive(Convert.FromHexString(AnvilAccounts.Consumer.PrivateKey[2..]), ChainId.Anvil);

    public OrderFlow Flow { get; private set; } = null!;

    public static async Task<MarketplaceNetwork> StartAsync(params IReadOnlyList<Address> watchers)
    {
        string folder = Directory.CreateTempSubdirectory("jeju-market-").FullName;
        LocalChainSettings settings = new(
            Path.Combine(folder, "chain"), LoopbackPort.Next(), JejuScript.Layout.FoundryTool("anvil"), KeeperExecutable: null);
        MarketplaceNetwork network = new(folder, settings, watchers);
        try
        {
            await AnvilProcess.StartAsync(settings, TimeProvider.System, default);
            await network.PrepareAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public OrderSpecification Order(string kind, string salt) => new()
    {
        Salt = Keccak.Hash(salt),
        Kind = ServiceCatalog.Find(kind),
        Network = NetworkName.Localnet,
        LeaseHours = 24,
        EncryptionKey = Key.PublicKey,
    };

    /// <summary>A journal of its own, as another checkout would have.</summary>
    public OrderFlow NewFlow(string journal) =>
        new(Consumer, Addresses["ExternalChainProvider"], new OrderJournal(Path.Combine(Folder, journal)), TimeProvider.System);

    public async Task<ExternalChainProviderTypes.OrderState> StateAsync(Bytes32 orderId) => await Chain.QueryAsync(Orders.StateOf(orderId), default);

    public async Task StopChainAsync() => await AnvilProcess.StopAsync(_chainSettings, TimeProvider.System, default);

    /// <summary>Begins a new chain with a new genesis on the same port, with the same contracts at the same addresses.</summary>
    public async Task ReplaceChainAsync()
    {
        ChainIdentity old = Chain.Identity;
        await Chain.DisposeAsync();
        LocalChain chain;
        do
        {
            // A chain that begins in the same second has the same genesis: it is the same one to everybody.
            await AnvilProcess.ResetAsync(_chainSettings, TimeProvider.System, default);
            chain = await AnvilProcess.StartAsync(_chainSettings, TimeProvider.System, default);
        }
        while (chain.Identity == old);
        await PrepareAsync();
    }

    /// <summary>A checkout that knows where this network's chain is, for the commands.</summary>
    public async Task<RepositoryLayout> CreateCheckoutAsync()
    {
        RepositoryLayout layout = new(Path.Combine(Folder, "checkout"));
        Directory.CreateDirectory(layout.StacksFolder);
        Directory.CreateSymbolicLink(layout.ContractsFolder, JejuScript.Layout.ContractsFolder);
        File.Copy(Path.Combine(JejuScript.Layout.Root, "Pulumi.yaml"), Path.Combine(layout.Root, "Pulumi.yaml"));
        await File.WriteAllTextAsync(layout.StackSettingsFile("localnet"), $"config:\n  jeju-infra:chainPort: {new Uri(_chainSettings.Url).Port}\n");
        return layout;
    }

    /// <summary>Sets the clock of the chain ahead and makes a block.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        await RpcAsync("evm_increaseTime", (ulong)span.TotalSeconds);
        await RpcAsync("evm_mine");
    }

    /// <summary>From now on each block is a second after the one before it, however long this machine takes.</summary>
    public Task DetachClockAsync() => RpcAsync("anvil_setBlockTimestampInterval", 1);

    /// <summary>Makes a block in each minute after now, for some seconds, in which somebody says that the chain takes transactions.</summary>
    public async Task GiveSignsOfLifeAsync(ulong seconds)
    {
        ulong now = (await Chain.GetLatestBlockAsync(default)).Timestamp;
        ContractCall sign = new MarketFactsContract(Addresses["MarketFacts"]).GiveSignOfLife();
        for (ulong minute = (now / 60) + 1; minute <= (now + seconds) / 60; minute++)
        {
            await RpcAsync("evm_setNextBlockTimestamp", minute * 60);
            await SendAsync(AnvilAccounts.All[9].Address, sign);
        }
    }

    /// <summary>Sends a call as the contract that may change parameters and pause.</summary>
    public async Task AdministrateAsync(ContractCall call)
    {
        Address timelock = Addresses["JejuTimelock"];
        await RpcAsync("anvil_impersonateAccount", timelock.ToString());
        await RpcAsync("anvil_setBalance", timelock.ToString(), "0x8ac7230489e80000");
        await SendAsync(timelock, call);
    }

    /// <summary>Makes a block of a time, in Unix seconds, that must not have passed.</summary>
    public async Task AdvanceToAsync(ulong time)
    {
        await RpcAsync("evm_setNextBlockTimestamp", time);
        await RpcAsync("evm_mine");
    }

    public async ValueTask DisposeAsync()
    {
        _disposables.ForEach(disposable => disposable.Dispose());
        if (Chain is not null)
        {
            await Chain.DisposeAsync();
        }

        await StopChainAsync();
        if (Settings is not null && File.Exists(DockerEngine.ResolveSocketPath(Environment.GetEnvironmentVariable("DOCKER_HOST"))))
        {
            await AgentHost.RemoveWorkloadsAsync(Settings with { Backend = "docker" }, TimeProvider.System, default);
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Makes a block of one call by an account whose key the chain has, or needs none of.</summary>
    private async Task SendAsync(Address from, ContractCall call)
    {
        await RpcAsync("evm_setAutomine", false);
        await RpcAsync("eth_sendTransaction", new { from = from.ToString(), to = call.To.ToString(), data = Hex.Data(call.Data), gas = "0x186a0" });
        await RpcAsync("evm_mine");
        await RpcAsync("evm_setAutomine", true);
    }

    private async Task RpcAsync(string method, params IReadOnlyList<object> arguments)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(_chainSettings.Url, new { jsonrpc = "2.0", id = 1, method, @params = arguments });
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(answer.TryGetProperty("error", out JsonElement error), $"{method}: {error}");
    }

    private async Task PrepareAsync()
    {
        Chain = await ChainClient.ConnectAsync(ChainEndpoint.FromUrl(_chainSettings.Url), ChainId.Anvil, TimeProvider.System, default);
        TransactionPipeline deployer = await PipelineAsync(AnvilAccounts.Deployer);
        Operator = await PipelineAsync(AnvilAccounts.Operator);
        Consumer = await PipelineAsync(AnvilAccounts.Consumer);
        SuitePlan plan = await SuitePlan.CreateAsync(
            SuiteSettings.Localnet with { Watchers = _watchers }, new ContractArtifacts(JejuScript.Layout), default);
        await new SuiteDeployment(plan, deployer).ApplyAsync(default);
        Addresses = plan.Addresses;
        await RegisterNodeAsync();
        Flow = NewFlow("journal");
        Settings = new AgentSettings
        {
            ChainUrl = _chainSettings.Url,
            ChainId = ChainId.Anvil,
            ExternalChainProvider = Addresses["ExternalChainProvider"],
            ProviderRegistry = Addresses["DWSProviderRegistry"],
            NodeId = NodeId,
            AgentKey = AnvilAccounts.Agent.PrivateKey,
            StateFolder = Path.Combine(Folder, "agent"),
            RepositoryRoot = JejuScript.Layout.Root,
            ResyncSeconds = 1,
        };
    }

    private async Task RegisterNodeAsync()
    {
        Address self = AnvilAccounts.Operator.Address;
        DelegatedNodeStakingContract staking = new(Addresses["DelegatedNodeStaking"]);
        DWSProviderRegistryContract registry = new(Addresses["DWSProviderRegistry"]);
        // Node ids depend on the salt alone and name the containers: each run has its own.
        Bytes32 salt = Keccak.Hash(Folder);
        Bytes32 stakingNode = await Chain.QueryAsync(staking.NodeIdOf(self, salt), default);
        NodeId = await Chain.QueryAsync(registry.NodeIdOf(self, salt), default);
        Bytes32 service = Bytes32.FromName(ServiceCatalog.Find("redis").Service);
        ExternalChainProviderTypes.OfferInput[] offers =
        [
            .. new[] { "redis", "postgres" }.Select(ServiceCatalog.Find).Select(kind => new ExternalChainProviderTypes.OfferInput(
                kind.Id,
                kind.RequirementFor(NetworkName.Localnet).NetworkId,
                kind.RequirementFor(NetworkName.Localnet).PricePerHour.Units,
                Capacity,
                false)),
        ];
        await Operator.SendAsync(
            [
                new JejuTokenContract(Addresses["JejuToken"]).Approve(staking.Address, Stake),
                staking.RegisterOperator(2000),
                staking.RegisterNode(salt, true),
                staking.Stake(stakingNode, Stake, TokenAmount.Zero),
                new MultiServiceStakeManagerContract(Addresses["MultiServiceStakeManager"])
                    .Allocate(stakingNode, service, TokenAmount.FromTokens(10_000, 18).Units),
                registry.RegisterNode(new DWSProviderRegistryTypes.Registration(
                    salt, stakingNode, AnvilAccounts.Agent.Address, 0, Bytes32.FromName("local"), "http://127.0.0.1:4030", [service])),
                Orders.RegisterProvider(NodeId, offers),
            ],
            default);
    }

    public async Task<TransactionPipeline> PipelineAsync(AnvilAccount account)
    {
        TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
            Chain, SoftwareSigner.Create(account.PrivateKey, ChainId.Anvil), TransactionJournal.InMemory(), new TransactionPipelineOptions(), default);
        _disposables.Add(pipeline);
        return pipeline;
    }
}
