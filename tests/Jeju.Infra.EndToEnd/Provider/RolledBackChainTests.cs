using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>
/// What a handler does on a chain that lost its last blocks: the key's journal brings them back before the handler looks, whether it is about to
/// make something or to take it away, in the same process or in the next.
/// </summary>
public sealed class RolledBackChainTests : IAsyncLifetime
{
    private const string Urn = "urn:pulumi:localnet::jeju-infra::jeju:index:NodeOperator::operator";
    private static readonly ResourceContext Context = new(Urn, null, new SilentLog());
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-rollback-").FullName;
    private TestAnvil _anvil = null!;
    private SuiteAddresses _addresses = null!;
    private ulong _deployedAt;

    private DelegatedNodeStakingContract Staking => new(_addresses["DelegatedNodeStaking"]);

    public async Task InitializeAsync()
    {
        _anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await SuitePlan.CreateAsync(SuiteSettings.Localnet, new ContractArtifacts(FoundryFactAttribute.Layout), CancellationToken.None);
        await new SuiteDeployment(plan, await _anvil.OpenPipelineAsync(AnvilAccounts.Deployer)).ApplyAsync(CancellationToken.None);
        _addresses = plan.Addresses;
        _deployedAt = await _anvil.Client.GetBlockNumberAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _anvil.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [FoundryFact]
    public async Task Creation_that_a_rollback_lost_is_brought_back_and_not_repeated()
    {
        var before = await Handler().CreateAsync(Context, Inputs, CancellationToken.None);
        var sent = await SentAsync();
        await LoseAsync(before.Id);

        var after = await Handler().CreateAsync(Context, Inputs, CancellationToken.None);

        Assert.Equal(before.Id, after.Id);
        Assert.Equal(sent, await SentAsync());
        Assert.Equal(TokenAmount.FromTokens(20_000, 18).Units, (await NodeAsync(before.Id)).SelfStake);
    }

    [FoundryFact]
    public async Task Update_in_the_same_process_finds_what_a_rollback_lost()
    {
        var handler = Handler();
        var made = await handler.CreateAsync(Context, Inputs, CancellationToken.None);
        var sent = await SentAsync();
        await LoseAsync(made.Id);

        await handler.UpdateAsync(Context, made.Id, made.Inputs, made.Outputs, Inputs, CancellationToken.None);

        Assert.Equal(sent, await SentAsync());
        Assert.Equal(TokenAmount.FromTokens(20_000, 18).Units, (await NodeAsync(made.Id)).SelfStake);
    }

    [FoundryFact]
    public async Task Deletion_after_a_rollback_leaves_nothing_that_comes_back_later()
    {
        var made = await Handler().CreateAsync(Context, Inputs, CancellationToken.None);
        await LoseAsync(made.Id);

        await Handler().DeleteAsync(Context, made.Id, made.Inputs, made.Outputs, CancellationToken.None);

        Assert.False((await NodeAsync(made.Id)).Operator.IsZero);
        Assert.True((await NodeAsync(made.Id)).SelfStake.IsZero);
    }

    private PropertyMap Inputs => PropertyMap.Of(
        ("suite", PropertyMap.Of(("endpoint", _anvil.Settings.Url), ("chainId", "31337"), ("deployer", AnvilAccounts.Deployer.Address.ToString()))),
        ("signer", PropertyMap.Of(("type", "development"), ("key", "operator"))),
        ("stake", TokenAmount.FromTokens(20_000, 18).ToString()),
        ("commission", 2000));

    /// <summary>The handler as a new process of the plugin has it.</summary>
    private IResourceHandler Handler() => ResourceHandlers.All(new RepositoryLayout(FoundryFactAttribute.Layout.Root, _folder), TimeProvider.System, _ => null)
        .Single(handler => handler.Token == "jeju:index:NodeOperator");

    private async Task LoseAsync(string nodeId)
    {
        await _anvil.RpcAsync("anvil_rollback", await _anvil.Client.GetBlockNumberAsync(CancellationToken.None) - _deployedAt);
        Assert.True((await NodeAsync(nodeId)).SelfStake.IsZero);
    }

    private Task<DelegatedNodeStakingTypes.Node> NodeAsync(string nodeId) => _anvil.Client.QueryAsync(Staking.Node(Bytes32.Parse(nodeId)), CancellationToken.None);

    private Task<ulong> SentAsync() => _anvil.Client.GetNonceAsync(AnvilAccounts.Operator.Address, CancellationToken.None);
}
