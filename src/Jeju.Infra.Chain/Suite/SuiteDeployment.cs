using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>What a deployment did.</summary>
/// <param name="Inspection">The chain compared with the plan, read after the last transaction.</param>
/// <param name="Transactions">How many transactions were sent.</param>
/// <param name="Pending">What a timelock or its proposer must still do; nothing when everything is done.</param>
public sealed record SuiteDeploymentResult(SuiteInspection Inspection, int Transactions, IReadOnlyList<PendingAdministration> Pending);

/// <summary>
/// Brings a chain to the plan: deploys what is missing, wires it, hands it over to the timelock, upgrades changed code and repairs what differs.
/// It always begins by looking at the chain, and each contract's wiring is one transaction, so it can be killed anywhere and run again. When
/// everything is as planned it sends nothing.
/// </summary>
public sealed class SuiteDeployment(SuitePlan plan, TransactionPipeline pipeline)
{
    private const ulong CreationGasPerByte = 200;
    private const ulong DataGasPerByte = 16;
    private const ulong DeploymentBaseGas = 900_000;
    private const ulong WiringBaseGas = 120_000;
    private const ulong RoleGas = 60_000;
    private const ulong MintGas = 90_000;

    private readonly ChainClient _chain = pipeline.Chain;

    /// <summary>Brings the chain to the plan, and reads everything back.</summary>
    /// <exception cref="InfraException">JEJU0230: nobody but the deployer would administer mainnet; JEJU0403: the chain lacks the deterministic deployer; JEJU0404: something differs afterwards; JEJU0409: the rollup's contract is not on this chain; JEJU0410: other code for a contract whose upgrades were disabled.</exception>
    public async Task<SuiteDeploymentResult> ApplyAsync(CancellationToken cancellationToken)
    {
        if (pipeline.Account != plan.Settings.Deployer)
        {
            throw new InvalidOperationException($"The plan is of deployer {plan.Settings.Deployer}, the key is of {pipeline.Account}.");
        }

        if (plan.Settings.Network.Name is NetworkName.Mainnet && plan.Settings.Proposer == plan.Settings.Deployer)
        {
            throw new InfraException(
                new ErrorCode(230),
                "The mainnet contracts would be administered by the deployer alone: no proposer is set.",
                "Set `jeju-infra:proposer` to the address of the Safe that proposes changes.",
                FailureKind.Refused);
        }

        int sentBefore = pipeline.SentCount;
        SuiteInspector inspector = new(_chain, plan);
        SuiteInspection inspection = await inspector.InspectAsync(cancellationToken).ConfigureAwait(false);
        if (inspection.IsAsPlanned)
        {
            return new SuiteDeploymentResult(inspection, 0, []);
        }

        inspection.RequireUpgradeable();

        IReadOnlyList<ContractCall> calls = await DeploymentCallsAsync(inspection, cancellationToken).ConfigureAwait(false);
        await pipeline.SendAsync(calls, cancellationToken).ConfigureAwait(false);
        if (calls.Count > 0)
        {
            inspection = await inspector.InspectAsync(cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<PendingAdministration> pending = [];
        if (!inspection.IsAsPlanned)
        {
            AdministrationChannel administration = new(plan.Addresses["JejuTimelock"], plan.Settings.Proposer, pipeline);
            pending = await administration.ApplyAsync([.. inspection.Deviations.Select(Change).OfType<AdministrativeChange>()], cancellationToken)
                .ConfigureAwait(false);
            inspection = await inspector.InspectAsync(cancellationToken).ConfigureAwait(false);
        }

        return inspection.IsAsPlanned || pending.Count > 0
            ? new SuiteDeploymentResult(inspection, pipeline.SentCount - sentBefore, pending)
            : throw new InfraException(
                new ErrorCode(404),
                $"The deployment is done, but {inspection.Deviations.Count} things differ from the plan: {string.Join("; ", inspection.Deviations.Take(5))}.",
                "Run `jeju contracts verify` for all of them, and `./jeju up` again.");
    }

    /// <summary>The calls with which <see cref="ApplyAsync"/> would begin: deployments and first wirings, without what the timelock does.</summary>
    public async Task<IReadOnlyList<ContractCall>> PlanCallsAsync(CancellationToken cancellationToken) => await DeploymentCallsAsync(
        await new SuiteInspector(_chain, plan).InspectAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<ContractCall>> DeploymentCallsAsync(SuiteInspection inspection, CancellationToken cancellationToken)
    {
        List<ContractCall> calls = [];
        if (!inspection.FactoryDeployed)
        {
            await RequireKeylessDeployerAsync(cancellationToken).ConfigureAwait(false);
            byte[] code = plan.Compiled.Factory.CreationCode;
            calls.Add(new ContractCall(Create2.KeylessDeployer, [.. Bytes32.Zero.ToBytes(), .. code], "deploy SuiteFactory")
            {
                GasLimit = DeploymentGas(code, []),
            });
        }

        SuiteFactoryContract factory = new(plan.Compiled.FactoryAddress);
        IReadOnlySet<string> missing = inspection.Missing;
        foreach (PlannedContract contract in plan.Contracts.Where(contract => missing.Contains(contract.Name)))
        {
            byte[] code = plan.Compiled[contract.Name].CreationCode;
            calls.Add(factory.Deploy(CompiledSuite.SaltOf(contract.Name), code, contract.Initializer) with
            {
                Description = $"deploy {contract.Name}",
                GasLimit = DeploymentGas(code, contract.Initializer),
            });
        }

        // Changed code is placed by anybody; only the switch to it is the administrator's.
        IReadOnlyList<PlannedCode> plain =
        [
            .. inspection.Deviations.Where(deviation => deviation.Kind is SuiteDeviationKind.Code).Select(deviation => new PlannedCode(
                deviation.Contract, plan.Compiled[deviation.Contract].CreationCode, plan.Compiled.ImplementationOf(deviation.Contract))),
            .. plan.PlainContracts.Where(planned => missing.Contains(planned.Name)),
        ];
        await RequireDemandsAsync(plain, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<byte[]> there = await _chain.GetCodeAsync([.. plain.Select(planned => planned.Address)], cancellationToken).ConfigureAwait(false);
        calls.AddRange(plain.Where((_, index) => there[index].Length == 0).Select(planned => factory.DeployImplementation(planned.CreationCode) with
        {
            Description = $"deploy the code of {planned.Name}",
            GasLimit = DeploymentGas(planned.CreationCode, []),
        }));

        calls.AddRange(plan.Contracts
            .Where(contract => contract.IsGoverned && (missing.Contains(contract.Name) || inspection.Unwired.Contains(contract.Name)))
            .Select(contract => Wire(contract)));
        return calls;
    }

    /// <summary>
    /// The first wiring of a contract: settings, roles and mints by the deployer, who in the same transaction gives the administration away.
    /// Either all of it happens or nothing; so who the administrator is tells whether it did.
    /// </summary>
    private ContractCall Wire(PlannedContract contract)
    {
        Address deployer = plan.Settings.Deployer;
        GovernedContract governed = new(plan.Addresses[contract.Name]);
        List<byte[]> calls = [];
        ulong gas = WiringBaseGas;
        IReadOnlyList<PlannedSetting> settings = [.. contract.Settings.Where(setting => !setting.HoldsFromStart)];
        IReadOnlyList<PlannedSet> sets = [.. contract.Sets.Where(set => !set.FindsOthersOnly && set.Members.Count > 0)];
        IReadOnlyList<PlannedAnnouncement> announcements = [.. contract.Announcements.Where(one => one.Expected != one.Initial)];
        List<string> borrowed = [.. settings.Select(setting => setting.Role).Concat(sets.Select(set => set.Role))
            .Concat(contract.Once.Select(once => once.Role)).OfType<string>().Where(role => role != PlannedRole.Administrator).Distinct()];
        calls.AddRange(borrowed.Select(role => governed.GrantRole(PlannedRole.IdOf(role), deployer).Data));
        calls.AddRange(settings.Select(setting => setting.Apply.Data));
        calls.AddRange(sets.SelectMany(set => set.Members).Select(member => member.Add.Data));
        calls.AddRange(announcements.Select(announcement => announcement.Apply.Data));
        calls.AddRange(contract.Once.Select(once => once.Call.Data));
        calls.AddRange(borrowed.Select(role => governed.RenounceRole(PlannedRole.IdOf(role), deployer).Data));
        calls.AddRange(contract.Roles.Select(role => governed.GrantRole(role.Id, role.Holder).Data));
        if (contract.Roles.First(role => role.Name == PlannedRole.Administrator).Holder != deployer)
        {
            calls.Add(governed.RenounceRole(Bytes32.Zero, deployer).Data);
        }

        gas += (ulong)settings.Sum(setting => (long)setting.Gas) + ((ulong)(contract.Once.Count + announcements.Count) * MintGas)
            + (ulong)sets.Sum(set => (long)set.Gas * set.Members.Count)
            + ((ulong)((borrowed.Count * 2) + contract.Roles.Count + 1) * RoleGas);
        return governed.Multicall(calls) with { Description = $"wire {contract.Name}", GasLimit = gas };
    }

    private static AdministrativeChange? Change(SuiteDeviation deviation) =>
        deviation.Repair is { } repair ? new AdministrativeChange(repair, deviation.ToString(), deviation.Gas) : null;

    private static ulong DeploymentGas(byte[] code, byte[] initializer) =>
        DeploymentBaseGas + ((ulong)code.Length * (CreationGasPerByte + DataGasPerByte + 4)) + ((ulong)initializer.Length * DataGasPerByte);

    /// <summary>An adapter to a contract that is not there could never be placed: the setting is wrong, or is another chain's.</summary>
    private async Task RequireDemandsAsync(IEnumerable<PlannedCode> plain, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Setting, Address Account)> demands = [.. plain.Select(planned => planned.Demands).OfType<(string, Address)>()];
        IReadOnlyList<byte[]> code = await _chain.GetCodeAsync([.. demands.Select(demand => demand.Account)], cancellationToken).ConfigureAwait(false);
        foreach ((string setting, Address account) in demands.Where((_, index) => code[index].Length == 0))
        {
            throw new InfraException(
                new ErrorCode(409),
                $"Chain {_chain.Identity.ChainId} has no contract at {account.ToChecksumText()}, which `{setting}` names.",
                $"Set `jeju-infra:contracts` > `{setting}` to the rollup's contract on this chain, or leave it out where another chain settles the rollup.",
                FailureKind.Usage);
        }
    }

    private async Task RequireKeylessDeployerAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> code = await _chain.GetCodeAsync([Create2.KeylessDeployer], cancellationToken).ConfigureAwait(false);
        if (code[0].Length == 0)
        {
            throw new InfraException(
                new ErrorCode(403),
                $"Chain {_chain.Identity.ChainId} has no deterministic deployer at {Create2.KeylessDeployer.ToChecksumText()}.",
                "Place it first with its published transaction (github.com/Arachnid/deterministic-deployment-proxy); every address of the suite follows from it.");
        }
    }
}
