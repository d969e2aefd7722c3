using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>
/// Reads a deployed suite back and names everything in which it differs from the plan: code, holders of roles (also those that nobody
/// planned), settings, paused actions. It believes no file, only the chain.
/// </summary>
public sealed class SuiteInspector(ChainClient chain, SuitePlan plan)
{
    /// <summary>Where a proxy keeps the address of its code (ERC-1967): keccak256("eip1967.proxy.implementation") - 1.</summary>
    public static readonly Bytes32 ImplementationSlot = Bytes32.Parse("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

    private static readonly IReadOnlyList<string> KnownRoles =
    [
        PlannedRole.Administrator, "PAUSER_ROLE", "MINTER_ROLE", "SLASHER_ROLE", "REVENUE_ROLE", "LOCKER_ROLE", "LEASE_ROLE", "SELLER_ROLE", "CURATOR_ROLE",
        "LESSOR_ROLE", "CATALOG_ROLE", "SPENDER_ROLE", "ORACLE_ROLE", "ARBITER_ROLE", "MONITOR_ROLE", "PRICE_ROLE", "STRATEGIST_ROLE",
        "PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE",
    ];

    private readonly List<SuiteDeviation> _deviations = [];

    /// <summary>Compares the chain with the plan.</summary>
    public async Task<SuiteInspection> InspectAsync(CancellationToken cancellationToken)
    {
        _deviations.Clear();
        SuiteAddresses addresses = plan.Addresses;
        IReadOnlyList<byte[]> code = await chain.GetCodeAsync(
            [
                plan.Compiled.FactoryAddress, .. plan.Contracts.Select(contract => addresses[contract.Name]),
                .. plan.PlainContracts.Select(planned => planned.Address),
            ],
            cancellationToken).ConfigureAwait(false);

        // The address is the hash of the code and of what its constructor was given: what is there is what was planned.
        _deviations.AddRange(plan.PlainContracts.Where((_, index) => code[plan.Contracts.Count + 1 + index].Length == 0).Select(planned => new SuiteDeviation(
            planned.Name, SuiteDeviationKind.Missing, "contract", planned.Address.ToChecksumText(), "not deployed")));
        List<PlannedContract> deployed = [];
        for (int index = 0; index < plan.Contracts.Count; index++)
        {
            PlannedContract contract = plan.Contracts[index];
            if (code[index + 1].Length > 0)
            {
                deployed.Add(contract);
            }
            else
            {
                _deviations.Add(new SuiteDeviation(
                    contract.Name, SuiteDeviationKind.Missing, "contract", addresses[contract.Name].ToChecksumText(), "not deployed"));
            }
        }

        ulong? firstBlock = null;
        HashSet<string> unwired = [];
        IReadOnlySet<string> final = new HashSet<string>();
        if (deployed.Count > 0)
        {
            final = await FindFinalAsync(deployed, cancellationToken).ConfigureAwait(false);
            await InspectCodeAsync(deployed, final, cancellationToken).ConfigureAwait(false);
            firstBlock = await FindFirstBlockAsync(addresses[deployed[0].Name], cancellationToken).ConfigureAwait(false);
            unwired = await InspectEventsAsync(deployed, firstBlock.Value, cancellationToken).ConfigureAwait(false);
            await InspectSettingsAsync(deployed, cancellationToken).ConfigureAwait(false);
            await InspectPausesAsync(deployed, cancellationToken).ConfigureAwait(false);
        }

        _deviations.RemoveAll(deviation => deviation.Kind is SuiteDeviationKind.UnplannedRole or SuiteDeviationKind.Setting or SuiteDeviationKind.FinalCode
            && plan.Settings.Exceptions.Contains($"{deviation.Contract}: {deviation.Subject}"));
        return new SuiteInspection(addresses, [.. _deviations], code[0].Length > 0, firstBlock) { Unwired = unwired, Final = final };
    }

    /// <summary>Refuses a plan that gives other code to a contract whose upgrades were disabled; the deployment would only find out halfway.</summary>
    /// <exception cref="InfraException">JEJU0410: it does.</exception>
    public async Task RequireUpgradeableAsync(CancellationToken cancellationToken)
    {
        IReadOnlySet<string> final = await FindFinalAsync(plan.Contracts, cancellationToken).ConfigureAwait(false);
        if (final.Count > 0)
        {
            (await InspectAsync(cancellationToken).ConfigureAwait(false)).RequireUpgradeable();
        }
    }

    private async Task<IReadOnlySet<string>> FindFinalAsync(IReadOnlyList<PlannedContract> contracts, CancellationToken cancellationToken)
    {
        IReadOnlySet<Address> final = await FinalCode.FindAsync(
            chain, [.. contracts.Select(contract => plan.Addresses[contract.Name])], cancellationToken).ConfigureAwait(false);
        return contracts.Select(contract => contract.Name).Where(name => final.Contains(plan.Addresses[name])).ToHashSet();
    }

    private async Task InspectCodeAsync(IReadOnlyList<PlannedContract> deployed, IReadOnlySet<string> final, CancellationToken cancellationToken)
    {
        IReadOnlyList<Bytes32> slots = await chain.GetStorageAsync(
            [.. deployed.Select(contract => (plan.Addresses[contract.Name], ImplementationSlot))], cancellationToken).ConfigureAwait(false);
        List<Address> implementations = [.. slots.Select(slot => Address.FromBytes(slot.ToBytes().AsSpan(12)))];
        IReadOnlyList<byte[]> code = await chain.GetCodeAsync(
            [.. implementations, .. deployed.Select(contract => plan.Addresses[contract.Name])], cancellationToken).ConfigureAwait(false);
        for (int index = 0; index < deployed.Count; index++)
        {
            PlannedContract contract = deployed[index];
            Address expected = plan.Compiled.ImplementationOf(contract.Name);
            bool proxyIsOurs = plan.Compiled.Proxy.IsCode(code[deployed.Count + index]);
            if (implementations[index] != expected || !plan.Compiled[contract.Name].IsCode(code[index]) || !proxyIsOurs)
            {
                bool isFinal = final.Contains(contract.Name);
                _deviations.Add(new SuiteDeviation(
                    contract.Name,
                    isFinal ? SuiteDeviationKind.FinalCode : SuiteDeviationKind.Code,
                    proxyIsOurs ? "implementation" : "proxy code",
                    expected.ToChecksumText(),
                    implementations[index].ToChecksumText() + (isFinal ? " for ever (its upgrades are disabled)" : string.Empty))
                {
                    Repair = isFinal ? null : new GovernedContract(plan.Addresses[contract.Name]).UpgradeToAndCall(expected, [], TokenAmount.Zero),
                });
            }
        }
    }

    /// <summary>Replays the events of all contracts: only they tell who holds a role, or what is in a set, that nobody planned.</summary>
    private async Task<HashSet<string>> InspectEventsAsync(IReadOnlyList<PlannedContract> deployed, ulong firstBlock, CancellationToken cancellationToken)
    {
        SuiteEvents events = await SuiteEvents.ReadAsync(chain, plan, deployed, firstBlock, cancellationToken).ConfigureAwait(false);
        IReadOnlySet<(Address Contract, Bytes32 Role, Address Holder)> holders = events.Holders;
        HashSet<string> unwired = [];
        foreach (PlannedContract contract in deployed)
        {
            Address address = plan.Addresses[contract.Name];
            GovernedContract governed = new(address);
            if (contract.IsGoverned && holders.Contains((address, Bytes32.Zero, plan.Settings.Deployer)) && Administrator(contract) != plan.Settings.Deployer)
            {
                unwired.Add(contract.Name);
            }

            foreach (PlannedRole role in contract.Roles.Where(role => !holders.Contains((address, role.Id, role.Holder))))
            {
                _deviations.Add(new SuiteDeviation(
                    contract.Name, SuiteDeviationKind.MissingRole, role.Name, plan.Addresses.NameOf(role.Holder), "not granted")
                {
                    Repair = governed.GrantRole(role.Id, role.Holder),
                });
            }

            foreach ((_, Bytes32 role, Address holder) in holders.Where(entry =>
                entry.Contract == address && !contract.Roles.Any(planned => planned.Id == entry.Role && planned.Holder == entry.Holder)))
            {
                _deviations.Add(new SuiteDeviation(
                    contract.Name, SuiteDeviationKind.UnplannedRole, NameOfRole(role), "not granted", $"held by {plan.Addresses.NameOf(holder)}")
                {
                    Repair = governed.RevokeRole(role, holder),
                });
            }

            _deviations.AddRange(events.Compare(contract, address));
        }

        return unwired;
    }

    private async Task InspectSettingsAsync(IReadOnlyList<PlannedContract> deployed, CancellationToken cancellationToken)
    {
        List<(PlannedContract Contract, PlannedSetting Setting)> asked =
            [.. deployed.SelectMany(contract => contract.Settings.Select(setting => (contract, setting)))];
        IReadOnlyList<SettingState?> states = await chain.TryQueryAsync(
            [.. asked.Select(pair => pair.Setting.Read)], cancellationToken).ConfigureAwait(false);
        for (int index = 0; index < asked.Count; index++)
        {
            (PlannedContract contract, PlannedSetting setting) = asked[index];
            if (states[index] is not { IsAsPlanned: true })
            {
                _deviations.Add(new SuiteDeviation(
                    contract.Name, SuiteDeviationKind.Setting, setting.Subject, setting.Expected, states[index]?.Found ?? "not set")
                {
                    Repair = setting.Apply,
                    Role = setting.Role ?? PlannedRole.Administrator,
                    Gas = setting.Gas,
                });
            }
        }
    }

    private async Task InspectPausesAsync(IReadOnlyList<PlannedContract> deployed, CancellationToken cancellationToken)
    {
        List<PlannedContract> governed = [.. deployed.Where(contract => contract.IsGoverned)];
        IReadOnlyList<IReadOnlyList<Bytes32>?> actions = await chain.TryQueryAsync(
            [.. governed.Select(contract => new GovernedContract(plan.Addresses[contract.Name]).PausableActions())], cancellationToken).ConfigureAwait(false);
        List<(PlannedContract Contract, Bytes32 Action)> asked =
            [.. governed.SelectMany((contract, index) => (actions[index] ?? []).Select(action => (contract, action)))];
        IReadOnlyList<PauseState?> paused = await chain.TryQueryAsync(
            [.. asked.Select(pair => PauseState.Query(new GovernedContract(plan.Addresses[pair.Contract.Name]), pair.Action))],
            cancellationToken).ConfigureAwait(false);
        for (int index = 0; index < asked.Count; index++)
        {
            if (paused[index] is { Paused: true })
            {
                (PlannedContract contract, Bytes32 action) = asked[index];
                _deviations.Add(new SuiteDeviation(contract.Name, SuiteDeviationKind.Paused, $"action {action.ToName()}", "running", "paused")
                {
                    Repair = new GovernedContract(plan.Addresses[contract.Name]).ResumeAction(action),
                });
            }
        }
    }

    /// <summary>
    /// The block that first held a contract, so that its events need not be looked for in years of blocks. On Anvil they are few.
    /// </summary>
    private async Task<ulong> FindFirstBlockAsync(Address contract, CancellationToken cancellationToken)
    {
        if (chain.Identity.ChainId == ChainId.Anvil)
        {
            return 0;
        }

        ulong low = 0;
        ulong high = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        while (low < high)
        {
            ulong middle = low + ((high - low) / 2);
            bool there = await chain.HasCodeAtAsync(contract, middle, cancellationToken).ConfigureAwait(false);
            (low, high) = there ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static Address Administrator(PlannedContract contract) =>
        contract.Roles.First(role => role.Name == PlannedRole.Administrator).Holder;

    private static string NameOfRole(Bytes32 role) => KnownRoles.FirstOrDefault(name => PlannedRole.IdOf(name) == role) ?? role.ToString();

    private sealed record PauseState(bool Paused)
    {
        internal static ContractQuery<PauseState> Query(GovernedContract contract, Bytes32 action)
        {
            ContractQuery<bool> query = contract.IsActionPaused(action);
            return new ContractQuery<PauseState>(query.To, query.Data, query.Description, data => new PauseState(query.Decode(data)));
        }
    }
}
