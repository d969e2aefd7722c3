using System.Globalization;
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
    // ERC-1967: keccak256("eip1967.proxy.implementation") - 1.
    private static readonly Bytes32 ImplementationSlot = Bytes32.Parse("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

    private static readonly ErrorCode ProposerMissing = new(230);

    protected override async Task CheckAsync(InputCheck<ContractSuiteInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (inputs.Knows(nameof(ContractSuiteInputs.Network)))
        {
            var profile = ProfileOf(inputs.Values.Network);
            check.Compute(nameof(ContractSuiteInputs.Code), await services.Suites.ReadCodeAsync(profile, cancellationToken));
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
            ? [nameof(ContractSuiteOutputs.Deviations), nameof(ContractSuiteOutputs.Pending)]
            : [nameof(ContractSuiteOutputs.Deviations), nameof(ContractSuiteOutputs.Pending), nameof(ContractSuiteOutputs.Endpoint)];

    // One request for all contracts: which code each one runs. Roles and settings are read by refresh.
    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<ContractSuiteInputs, ContractSuiteOutputs> state, CancellationToken cancellationToken)
    {
        var drifts = new List<Drift>();
        if (state.Outputs.Pending is not null)
        {
            drifts.Add(new Drift(nameof(ContractSuiteOutputs.Pending), "A change waits for the timelock."));
        }

        if (state.Outputs.Deviations is { Count: > 0 })
        {
            drifts.Add(new Drift(nameof(ContractSuiteOutputs.Deviations), "The contracts differ from the plan."));
        }

        var chain = await services.Chains.TryConnectAsync(state.Inputs.Chain, cancellationToken);
        if (chain is null || state.Outputs.Contracts is not { } contracts || state.Inputs.Code is not { } code)
        {
            return drifts;
        }

        var slots = await chain.GetStorageAsync([.. contracts.Values.Select(address => (address, ImplementationSlot))], cancellationToken);
        var changed = contracts.Keys.Where((name, index) => code.TryGetValue(name, out var expected) && Implementation(slots[index]) != expected).ToList();
        if (changed.Count > 0)
        {
            drifts.Add(new Drift(nameof(ContractSuiteOutputs.Contracts), $"Missing on chain, or with other code: {string.Join(", ", changed)}."));
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
        if (inputs.Network is NetworkName.Mainnet && inputs.Proposer is null)
        {
            throw new InfraException(
                ProposerMissing,
                "The mainnet contracts would be administered by the deployer alone: no proposer is set.",
                "Set `jeju-infra:proposer` to the address of the Safe that proposes changes.",
                FailureKind.Refused);
        }

        var signer = await services.Signers.ResolveAsync(inputs.Signer.Reference, inputs.Chain.ChainId, cancellationToken);
        var chain = await services.Chains.ConnectAsync(inputs.Chain, cancellationToken);
        var plan = await services.Suites.PlanAsync(SettingsOf(inputs, signer.Address), cancellationToken);
        var limits = inputs.Signer.LimitsOr([Create2.KeylessDeployer, plan.Compiled.FactoryAddress, .. plan.Addresses.All.Values]);
        var pipeline = await services.Chains.OpenPipelineAsync(
            context.Stack, chain, signer, limits, ProfileOf(inputs.Network).Confirmations, cancellationToken);
        await context.Log.ProgressAsync($"comparing {plan.Contracts.Count} contracts with the chain, and deploying what is missing", cancellationToken);
        var result = await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
        if (result.Pending is { } pending)
        {
            await context.Log.WarningAsync(Describe(pending), cancellationToken);
        }

        return new ContractSuiteOutputs
        {
            Contracts = plan.Addresses.All,
            Deployer = signer.Address,
            Endpoint = inputs.Chain.Endpoint,
            ChainId = chain.Identity.ChainId,
            GenesisHash = chain.Identity.Genesis,
            Deviations = [.. result.Inspection.Deviations.Select(deviation => deviation.ToString())],
            Pending = result.Pending is null ? null : Describe(result.Pending),
        };
    }

    private static SuiteSettings SettingsOf(ContractSuiteInputs inputs, Address deployer)
    {
        var proposer = inputs.Proposer ?? deployer;
        return inputs.Network is NetworkName.Localnet
            ? SuiteSettings.Localnet with
            {
                Deployer = deployer,
                Proposer = proposer,
                Guardian = inputs.Guardian,
                PaymentToken = inputs.PaymentToken,
                NameOwner = inputs.NameOwner ?? SuiteSettings.Localnet.NameOwner,
            }
            : new SuiteSettings
            {
                Network = ProfileOf(inputs.Network),
                Deployer = deployer,
                Proposer = proposer,
                Guardian = inputs.Guardian,
                PaymentToken = inputs.PaymentToken,
                NameOwner = inputs.NameOwner ?? proposer,
            };
    }

    private static NetworkProfile ProfileOf(NetworkName network) => NetworkProfile.All.First(profile => profile.Name == network);

    private static Address Implementation(Bytes32 slot) => Address.FromBytes(slot.ToBytes().AsSpan(12));

    private static string Describe(PendingAdministration pending) => pending.ExecutableAt is { } at
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Scheduled in the timelock, executable at {DateTimeOffset.FromUnixTimeSeconds((long)at):u} by running `up` again: {pending.Summary}")
        : $"The proposer must send {pending.Proposal?.Description} to {pending.Proposal?.To?.ToChecksumText()}, operation {pending.OperationId}: {pending.Summary}";
}
