using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>
/// The suite as one resource. What is deployed is read from the chain every time; the deployment sends only what is missing, so a killed one is
/// continued. Changed code is an update: the proxies keep their addresses.
/// </summary>
[ResourceType("ContractSuite", "The contracts of the network on one chain, deployed from one account at addresses that are known beforehand, and kept up to date.")]
internal sealed class ContractSuiteHandler(SuiteServices services) : ResourceHandler<ContractSuiteInputs, ContractSuiteOutputs>
{

    protected override async Task CheckAsync(InputCheck<ContractSuiteInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (inputs.Knows(nameof(ContractSuiteInputs.Network)))
        {
            var profile = ProfileOf(inputs.Values.Network);
            if (inputs.Values is { OutputOracle: not null, DisputeGameFactory: not null })
            {
                check.Fail("disputeGameFactory", "is set beside outputOracle, and one of the rollup's contracts tells of its outputs: keep the one that its proposer posts to");
            }
            else
            {
                var settings = SettingsOf(inputs.Values, Address.Zero);
                check.Compute(nameof(ContractSuiteInputs.Code), await services.Suites.ReadCodeAsync(settings, cancellationToken));
            }

            if (inputs.Values is { DisputeGameType: not null, DisputeGameFactory: null } && inputs.Knows(nameof(ContractSuiteInputs.DisputeGameFactory)))
            {
                check.Fail("disputeGameType", "is set without disputeGameFactory, whose games it is a type of: set both or neither");
            }

            check.Compute(nameof(ContractSuiteInputs.Layouts), await StorageLayout.ReadAllAsync(services.Layout, cancellationToken));
            if (inputs.Knows(nameof(ContractSuiteInputs.Signer)))
            {
                var signer = inputs.Values.Signer;
                var problems = signer.FindProblems(profile.SettlementChain).ToList();
                problems.ForEach(problem => check.Fail(problem.Path, problem.Reason));
                if (problems.Count == 0)
                {
                    check.Compute(
                        nameof(ContractSuiteInputs.Account),
                        await services.Signers.FindAccountAsync(signer.Reference, profile.SettlementChain, cancellationToken));
                }
            }

            if (!inputs.Unknown.Contains("chain") && !inputs.Unknown.Contains("chain.chainId") && inputs.Values.Chain.ChainId != profile.SettlementChain)
            {
                check.Fail("chain.chainId", $"is {inputs.Values.Chain.ChainId}, but {profile.StackName} settles on chain {profile.SettlementChain}");
            }
        }
    }

    protected override async Task RequireAllowedAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, Bound<ContractSuiteInputs> news, CancellationToken cancellationToken)
    {
        var conflicts = (state.Inputs.Layouts ?? new Dictionary<string, string>())
            .Where(deployed => news.Values.Layouts?.ContainsKey(deployed.Key) == true)
            .SelectMany(deployed => StorageLayout.Parse(deployed.Value).FindConflicts(StorageLayout.Parse(news.Values.Layouts![deployed.Key]))
                .Select(conflict => $"{deployed.Key}: {conflict}"))
            .ToList();
        LayoutGuard.Require(conflicts);
        var isTheSameSuite = news.Knows(nameof(ContractSuiteInputs.Chain)) && news.Values.Chain == state.Inputs.Chain
            && news.Values.Account == state.Outputs.Deployer;
        if (isTheSameSuite && state.Outputs.Deployer is { } deployer
            && await services.Chains.TryConnectAsync(state.Inputs.Chain, cancellationToken) is { } chain)
        {
            await new SuiteInspector(chain, await services.Suites.PlanAsync(SettingsOf(news.Values, deployer), cancellationToken))
                .RequireUpgradeableAsync(cancellationToken);
        }
    }

    protected override void PlanCreate(ResourceContext context, Bound<ContractSuiteInputs> inputs, Plan<ContractSuiteOutputs> plan)
    {
        if (inputs.Values.Account is { } deployer && inputs.Values.Code is not null)
        {
            plan.Knows(nameof(ContractSuiteOutputs.Deployer), deployer)
                .Knows(nameof(ContractSuiteOutputs.Contracts), services.Suites.AddressesOf(ProfileOf(inputs.Values.Network), deployer));
        }

        if (inputs.Values.Chain is { } chain)
        {
            plan.Knows(nameof(ContractSuiteOutputs.Endpoint), chain.Endpoint).Knows(nameof(ContractSuiteOutputs.ChainId), chain.ChainId);
            if (inputs.Knows(nameof(ContractSuiteInputs.Chain)))
            {
                plan.Knows(nameof(ContractSuiteOutputs.GenesisHash), chain.GenesisHash);
            }
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, Bound<ContractSuiteInputs> news) =>
        news.Knows(nameof(ContractSuiteInputs.Chain)) && news.Values.Chain == state.Inputs.Chain
            ? [nameof(ContractSuiteOutputs.Deviations), nameof(ContractSuiteOutputs.Pending), nameof(ContractSuiteOutputs.Proposals)]
            : [nameof(ContractSuiteOutputs.Deviations), nameof(ContractSuiteOutputs.Pending), nameof(ContractSuiteOutputs.Proposals), nameof(ContractSuiteOutputs.Endpoint)];

    // The whole inspection: what somebody changed by hand is named by the next preview and repaired by the next `up`.
    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, CancellationToken cancellationToken)
    {
        var drifts = (state.Outputs.Pending ?? []).Select(pending => new Drift(nameof(ContractSuiteOutputs.Pending), pending)).ToList();
        var chain = await services.Chains.TryConnectAsync(state.Inputs.Chain, cancellationToken);
        if (chain is not null && state.Outputs.Deployer is { } deployer)
        {
            var plan = await services.Suites.PlanAsync(SettingsOf(state.Inputs, deployer), cancellationToken);
            var inspection = await new SuiteInspector(chain, plan).InspectAsync(cancellationToken);
            drifts.AddRange(inspection.Deviations.Select(deviation => new Drift(nameof(ContractSuiteOutputs.Deviations), deviation.ToString())));
        }

        return drifts;
    }

    protected override async Task<Created<ContractSuiteOutputs>> CreateAsync(
        ResourceContext context, ContractSuiteInputs inputs, CancellationToken cancellationToken)
    {
        var outputs = await ApplyAsync(context, inputs, cancellationToken);
        return new Created<ContractSuiteOutputs>($"{inputs.Chain.ChainId}:{outputs.Deployer}", outputs);
    }

    protected override Task<ContractSuiteOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, ContractSuiteInputs news, CancellationToken cancellationToken) =>
        ApplyAsync(context, news, cancellationToken);

    protected override async Task<ResourceState<ContractSuiteInputs, ContractSuiteOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, CancellationToken cancellationToken)
    {
        try
        {
            var chain = await services.Chains.ConnectAsync(state.Inputs.Chain, cancellationToken);
            var deployer = state.Outputs.Deployer
                ?? (await services.Signers.ResolveAsync(state.Inputs.Signer.Reference, state.Inputs.Chain.ChainId, cancellationToken)).Address;
            var plan = await services.Suites.PlanAsync(SettingsOf(state.Inputs, deployer), cancellationToken);
            var inspection = await new SuiteInspector(chain, plan).InspectAsync(cancellationToken);
            if (inspection.Deviations.Count(deviation => deviation.Kind is SuiteDeviationKind.Missing) == plan.Contracts.Count)
            {
                return null;
            }

            return state with { Outputs = state.Outputs with { Deviations = [.. inspection.Deviations.Select(deviation => deviation.ToString())] } };
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

    protected override Task DeleteAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, CancellationToken cancellationToken) =>
        state.Inputs.Chain.ChainId == Core.ChainId.Anvil
            ? Task.CompletedTask
            : context.Log.InformationAsync("The contracts stay on chain: nobody can delete them. They are only no longer part of this stack.", cancellationToken);

    private async Task<ContractSuiteOutputs> ApplyAsync(ResourceContext context, ContractSuiteInputs inputs, CancellationToken cancellationToken)
    {
        var signer = await services.Signers.ResolveAsync(inputs.Signer.Reference, inputs.Chain.ChainId, cancellationToken);
        var chain = await services.Chains.ConnectAsync(inputs.Chain, cancellationToken);
        var plan = await services.Suites.PlanAsync(SettingsOf(inputs, signer.Address), cancellationToken);
        var limits = inputs.Signer.LimitsOr([Create2.KeylessDeployer, plan.Compiled.FactoryAddress, .. plan.Addresses.All.Values]);
        var pipeline = await services.Chains.OpenPipelineAsync(
            context.Stack, chain, signer, limits, ProfileOf(inputs.Network).Confirmations, cancellationToken);
        await pipeline.SettleAsync(cancellationToken);
        await context.Log.ProgressAsync($"comparing {plan.Contracts.Count} contracts with the chain, and deploying what is missing", cancellationToken);
        var result = await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
        foreach (var pending in result.Pending)
        {
            await context.Log.WarningAsync(PendingText.Describe(pending), cancellationToken);
        }

        return new ContractSuiteOutputs
        {
            Contracts = plan.Addresses.All,
            Deployer = signer.Address,
            Endpoint = inputs.Chain.Endpoint,
            ChainId = chain.Identity.ChainId,
            GenesisHash = chain.Identity.Genesis,
            Deviations = [.. result.Inspection.Deviations.Select(deviation => deviation.ToString())],
            Pending = [.. result.Pending.Select(PendingText.Describe)],
            Proposals = [.. result.Pending.Select(pending => pending.Proposal).OfType<ContractCall>().Select(call => new SafeTransaction
            {
                To = call.To,
                Value = TokenAmount.Zero,
                Data = "0x" + Convert.ToHexStringLower(call.Data),
                Description = call.Description,
            })],
        };
    }

    /// <summary>The settings of the plan that a resource's inputs stand for.</summary>
    internal static SuiteSettings SettingsOf(ContractSuiteInputs inputs, Address deployer)
    {
        var defaults = SuiteSettings.For(ProfileOf(inputs.Network), deployer);
        return defaults with
        {
            Proposer = inputs.Proposer ?? deployer,
            Guardian = inputs.Guardian,
            PaymentToken = inputs.PaymentToken,
            NameOwner = inputs.NameOwner ?? defaults.NameOwner,
            Regions = inputs.Regions ?? defaults.Regions,
            Countries = inputs.Countries ?? defaults.Countries,
            Watchers = inputs.Watchers ?? [],
            WatcherQuorum = inputs.WatcherQuorum,
            AttestationVerifier = inputs.AttestationVerifier,
            JejuPerDollar = inputs.JejuPerDollar ?? defaults.JejuPerDollar,
            OutputOracle = inputs.OutputOracle,
            DisputeGameFactory = inputs.DisputeGameFactory,
            DisputeGameType = (uint)(inputs.DisputeGameType ?? 0),
            Exceptions = inputs.Exceptions ?? [],
        };
    }

    private static NetworkProfile ProfileOf(NetworkName network) => NetworkProfile.All.First(profile => profile.Name == network);
}
