using System.Collections.Concurrent;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Chains;

/// <summary>The inputs of a resource that lives in the suite's contracts.</summary>
internal interface ISuiteResource
{
    SuiteInputs Suite { get; }

    SignerInputs Signer { get; }

    Address? Account { get; }
}

/// <summary>The chain, the contracts and the key of one operation.</summary>
internal sealed record SuiteSession(ChainClient Chain, SuiteContracts Contracts, Address Account, Func<Task<TransactionPipeline>> OpenPipeline)
{
    /// <summary>The same for the marketplace layer.</summary>
    public MarketAccess Market => new(Chain, new MarketContracts(Contracts.AddressOf), Account, SendAsync);

    /// <summary>Sends calls in one go; none, when there are none.</summary>
    public async Task<IReadOnlyList<TransactionReceipt>> SendAsync(IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken) =>
        calls.Count == 0 ? [] : await (await OpenPipeline()).SendAsync(calls, cancellationToken);
}

/// <summary>What the handlers of suite resources share: where chains, keys and addresses come from.</summary>
internal sealed class SuiteServices(ChainAccess chains, SignerResolver signers, RepositoryLayout layout)
{
    private readonly ConcurrentDictionary<Bytes32, byte> _leavingNodes = new();
    private readonly Lazy<Task<CompiledSuite>> _factory = new(
        () => CompiledSuite.ReadAsync(new ContractArtifacts(layout), [], CancellationToken.None));

    public ChainAccess Chains => chains;

    public SuitePlans Suites { get; } = new(layout);

    public SignerResolver Signers => signers;

    public RepositoryLayout Layout => layout;

    /// <summary>Notes that a preview replaces what serves the leases of a provider node: `up` gives them all up with it.</summary>
    public void PlanToGiveUpLeasesOf(Bytes32 nodeId) => _leavingNodes[nodeId] = 0;

    /// <summary>Whether a preview has planned to give up the leases of a provider node, which the chain does not show yet.</summary>
    public bool IsPlannedToGiveUpLeases(Bytes32 nodeId) => _leavingNodes.ContainsKey(nodeId);

    /// <summary>The factory's own code, from which all proxy addresses follow.</summary>
    public async Task<SuiteContracts> ContractsOfAsync(Address deployer, CancellationToken cancellationToken) =>
        new(await _factory.Value.WaitAsync(cancellationToken), deployer);
}

/// <summary>
/// A resource that lives in the suite's contracts. Creating and updating are one thing, "make it so": the handler reads what is there and sends
/// only the calls that are missing, so an operation that was killed in the middle is continued by the next one and nothing is done twice.
/// </summary>
internal abstract class SuiteResourceHandler<TInputs, TOutputs>(SuiteServices services) : ResourceHandler<TInputs, TOutputs>
    where TInputs : class, ISuiteResource
    where TOutputs : class
{
    private static readonly ErrorCode CannotImport = new(202);

    protected SuiteServices Services => services;

    protected override async Task CheckAsync(InputCheck<TInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (!inputs.Knows(nameof(ISuiteResource.Signer)) || inputs.Unknown.Contains("suite") || inputs.Unknown.Contains("suite.chainId"))
        {
            return;
        }

        var signer = inputs.Values.Signer;
        var chain = inputs.Values.Suite.ChainId;
        var problems = signer.FindProblems(chain).ToList();
        problems.ForEach(problem => check.Fail(problem.Path, problem.Reason));
        if (problems.Count == 0)
        {
            check.Compute(nameof(ISuiteResource.Account), await services.Signers.FindAccountAsync(signer.Reference, chain, cancellationToken));
        }
    }

    protected sealed override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken)
    {
        // A chain that does not answer is shown by LocalChain, or by the operation itself; it is no drift of what lives on it.
        var chain = await services.Chains.TryConnectAsync(state.Inputs.Suite.Chain, cancellationToken);
        return chain is null ? [] : await FindDriftAsync(context, await LookAsync(chain, state.Inputs, cancellationToken), state, cancellationToken);
    }

    protected sealed override async Task<ResourceState<TInputs, TOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken)
    {
        // An import has an id and nothing else.
        if (state.Inputs.Suite is null)
        {
            return await ImportAsync(state.Id, cancellationToken);
        }

        try
        {
            var chain = await services.Chains.ConnectAsync(state.Inputs.Suite.Chain, cancellationToken);
            return await ReadAsync(context, await LookAsync(chain, state.Inputs, cancellationToken), state, cancellationToken);
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.ReplacedChainCode)
        {
            return null;
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.UnreachableCode)
        {
            await context.Log.WarningAsync($"Not read, and left as it was: {failure.Message}", cancellationToken);
            return state;
        }
    }

    protected sealed override async Task DeleteAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken)
    {
        try
        {
            var chain = await services.Chains.ConnectAsync(state.Inputs.Suite.Chain, cancellationToken);
            await DeleteAsync(context, await OpenSettledAsync(context, chain, state.Inputs, cancellationToken), state, cancellationToken);
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.ReplacedChainCode)
        {
            await context.Log.InformationAsync("Gone with its chain, which was replaced by another.", cancellationToken);
            await DeleteWithoutChainAsync(context, cancellationToken);
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.UnreachableCode && state.Inputs.Suite.ChainId == ChainId.Anvil)
        {
            // A localnet's chain is deleted in the same breath. Elsewhere an unreachable node is an error: the lease there goes on.
            await context.Log.InformationAsync("The local chain is stopped; what was on it goes with it.", cancellationToken);
            await DeleteWithoutChainAsync(context, cancellationToken);
        }
    }

    /// <summary>Connects for an operation that may send.</summary>
    protected async Task<SuiteSession> OpenAsync(ResourceContext context, TInputs inputs, CancellationToken cancellationToken) => await OpenSettledAsync(
        context, await services.Chains.ConnectAsync(inputs.Suite.Chain, cancellationToken), inputs, cancellationToken);

    protected abstract Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken);

    protected abstract Task<ResourceState<TInputs, TOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken);

    protected abstract Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken);

    /// <summary>What the resource calls beside the suite's contracts and their payment token.</summary>
    protected virtual IEnumerable<Address> AlsoCalled(TInputs inputs, SuiteContracts contracts, Address account) => [];

    /// <summary>Finds a resource that no deployment has made, by an id that says where it is.</summary>
    protected virtual Task<ResourceState<TInputs, TOutputs>?> ImportAsync(string id, CancellationToken cancellationToken) => throw new InfraException(
        CannotImport,
        $"{Token} cannot be imported.",
        "Deploy it with the same key instead: what is on chain already is found and taken over.",
        FailureKind.Usage);

    /// <summary>Removes what is on this machine, where the chain of the resource is gone.</summary>
    protected virtual Task DeleteWithoutChainAsync(ResourceContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Whoever may send has the key's pipeline settled first: it brings back what a rollback lost. A handler that looked before that would do the
    /// same once more and be refused, or find nothing to delete, and it would come back later.
    /// </summary>
    private async Task<SuiteSession> OpenSettledAsync(ResourceContext context, ChainClient chain, TInputs inputs, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, chain, inputs, cancellationToken);
        await (await session.OpenPipeline()).SettleAsync(cancellationToken);
        return session;
    }

    private async Task<SuiteSession> OpenAsync(ResourceContext context, ChainClient chain, TInputs inputs, CancellationToken cancellationToken)
    {
        var signer = await services.Signers.ResolveAsync(inputs.Signer.Reference, inputs.Suite.ChainId, cancellationToken);
        var confirmations = NetworkProfile.All.FirstOrDefault(profile => profile.SettlementChain == inputs.Suite.ChainId)?.Confirmations ?? 1;
        var contracts = await services.ContractsOfAsync(inputs.Suite.Deployer, cancellationToken);
        var callable = await CallableAsync(chain, contracts, cancellationToken);
        var limits = inputs.Signer.LimitsOr(callable.Concat(AlsoCalled(inputs, contracts, signer.Address)));
        return new SuiteSession(
            chain,
            contracts,
            signer.Address,
            () => services.Chains.OpenPipelineAsync(context.Stack, chain, signer, limits, confirmations, cancellationToken));
    }

    private async Task<SuiteSession> LookAsync(ChainClient chain, TInputs inputs, CancellationToken cancellationToken) => new(
        chain,
        await services.ContractsOfAsync(inputs.Suite.Deployer, cancellationToken),
        inputs.Account ?? await services.Signers.FindAccountAsync(inputs.Signer.Reference, inputs.Suite.ChainId, cancellationToken) ?? Address.Zero,
        () => throw new InvalidOperationException("A look sends no transaction."));

    /// <summary>What a resource of the suite may call: the suite's contracts, and the dollar token where that is another's.</summary>
    private static async Task<IEnumerable<Address>> CallableAsync(ChainClient chain, SuiteContracts contracts, CancellationToken cancellationToken)
    {
        var payment = contracts.Billing.PaymentToken();
        var code = await chain.GetCodeAsync([contracts.Billing.Address], cancellationToken);
        return code[0].Length == 0 ? contracts.All : contracts.All.Append(await chain.QueryAsync(payment, cancellationToken));
    }
}
