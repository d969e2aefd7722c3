using System.Numerics;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>A change that waits for the timelock, or for its proposer.</summary>
/// <param name="OperationId">The timelock's operation.</param>
/// <param name="ExecutableAt">When the timelock lets it through, seconds since 1970; absent while nobody has proposed it.</param>
/// <param name="Proposal">The call that the proposer (a Safe) must make; absent once it is proposed.</param>
/// <param name="Summary">What it changes.</param>
public sealed record PendingAdministration(Bytes32 OperationId, ulong? ExecutableAt, ContractCall? Proposal, string Summary);

/// <summary>A change that only the administrator may make.</summary>
/// <param name="Call">The change.</param>
/// <param name="Summary">What it changes, for people.</param>
/// <param name="Gas">An upper bound of its gas.</param>
public sealed record AdministrativeChange(ContractCall Call, string Summary, ulong Gas);

/// <summary>
/// Changes what only the administrator may change, through the timelock: schedules each change as an operation and, once the delay is over,
/// executes it. With no delay (localnet) all of it is one operation and happens at once.
/// </summary>
/// <param name="timelock">The timelock.</param>
/// <param name="proposer">Who may propose and execute: the pipeline's own account, or a Safe that is told what to send.</param>
/// <param name="pipeline">The key.</param>
public sealed class AdministrationChannel(Address timelock, Address proposer, TransactionPipeline pipeline)
{
    private const ulong ScheduleGas = 300_000;
    private const ulong CallGas = 40_000;
    private const int SaltsTried = 64;

    // Of OpenZeppelin's TimelockController.
    private enum OperationState : byte
    {
        Unset = 0,
        Waiting = 1,
        Ready = 2,
        Done = 3,
    }

    private readonly JejuTimelockContract _timelock = new(timelock);

    /// <summary>Carries out changes as far as the timelock allows now.</summary>
    /// <returns>What must wait; nothing when all is done.</returns>
    /// <exception cref="InfraException">JEJU0405: the same changes were made and undone too often.</exception>
    public async Task<IReadOnlyList<PendingAdministration>> ApplyAsync(IReadOnlyList<AdministrativeChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        BigInteger delay = await pipeline.Chain.QueryAsync(_timelock.GetMinDelay(), cancellationToken).ConfigureAwait(false);
        if (delay.IsZero)
        {
            return await AdvanceAsync(await FindOperationAsync(changes, cancellationToken).ConfigureAwait(false), delay, cancellationToken)
                .ConfigureAwait(false) is { } waiting ? [waiting] : [];
        }

        // Each change waits for itself: one that is needed later does not make the others wait again.
        List<PendingAdministration> pending = [];
        foreach (AdministrativeChange change in changes)
        {
            Operation operation = await FindOperationAsync([change], cancellationToken).ConfigureAwait(false);
            if (await AdvanceAsync(operation, delay, cancellationToken).ConfigureAwait(false) is { } waiting)
            {
                pending.Add(waiting);
            }
        }

        return pending;
    }

    /// <summary>Takes an operation as far as it can go now.</summary>
    /// <returns>What it waits for; null when it is done.</returns>
    private async Task<PendingAdministration?> AdvanceAsync(Operation operation, BigInteger delay, CancellationToken cancellationToken)
    {
        (Bytes32 id, OperationState state) = (operation.Id, operation.State);
        bool mayPropose = proposer == pipeline.Account;
        ulong dataGas = (ulong)operation.Payloads.Sum(payload => payload.Length) * 40;
        ContractCall schedule = _timelock.ScheduleBatch(operation.Targets, operation.Values, operation.Payloads, Bytes32.Zero, operation.Salt, delay) with
        {
            Description = $"schedule in the timelock: {operation.Summary}",
            GasLimit = ScheduleGas + dataGas + ((ulong)operation.Payloads.Count * CallGas),
        };
        ContractCall execute = _timelock.ExecuteBatch(
            operation.Targets, operation.Values, operation.Payloads, Bytes32.Zero, operation.Salt, TokenAmount.Zero) with
        {
            Description = $"execute through the timelock: {operation.Summary}",
            GasLimit = ScheduleGas + dataGas + operation.Gas,
        };
        if (!mayPropose && state is not OperationState.Waiting)
        {
            return new PendingAdministration(id, null, (state is OperationState.Ready ? execute : schedule) with { GasLimit = null }, operation.Summary);
        }

        if (state is OperationState.Ready || (state is OperationState.Unset && delay.IsZero))
        {
            await pipeline.SendAsync(state is OperationState.Ready ? [execute] : [schedule, execute], cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (state is OperationState.Unset)
        {
            await pipeline.SendAsync(schedule, cancellationToken).ConfigureAwait(false);
        }

        BigInteger executableAt = await pipeline.Chain.QueryAsync(_timelock.GetTimestamp(id), cancellationToken).ConfigureAwait(false);
        return new PendingAdministration(id, (ulong)executableAt, null, operation.Summary);
    }

    /// <summary>
    /// The operation of these changes that is not done yet. The same changes may be needed again later, and an operation is done only once, so
    /// the salt counts them.
    /// </summary>
    private async Task<Operation> FindOperationAsync(IReadOnlyList<AdministrativeChange> changes, CancellationToken cancellationToken)
    {
        Operation operation = new(
            [.. changes.Select(change => change.Call.To ?? Address.Zero)],
            [.. changes.Select(_ => BigInteger.Zero)],
            [.. changes.Select(change => change.Call.Data)],
            string.Join("; ", changes.Select(change => change.Summary)),
            (ulong)changes.Sum(change => (long)(change.Gas + CallGas)));
        for (int number = 0; number < SaltsTried; number++)
        {
            Bytes32 salt = Keccak.Hash($"jeju/{number}");
            Bytes32 id = await pipeline.Chain.QueryAsync(
                _timelock.HashOperationBatch(operation.Targets, operation.Values, operation.Payloads, Bytes32.Zero, salt), cancellationToken).ConfigureAwait(false);
            OperationState state = (OperationState)await pipeline.Chain.QueryAsync(_timelock.GetOperationState(id), cancellationToken).ConfigureAwait(false);
            if (state is not OperationState.Done)
            {
                return operation with { Salt = salt, Id = id, State = state };
            }
        }

        throw new InfraException(
            new ErrorCode(405), $"The same changes were made {SaltsTried} times.", "Find out who undoes them: `jeju contracts verify` names the differences.");
    }

    private sealed record Operation(
        IReadOnlyList<Address> Targets, IReadOnlyList<BigInteger> Values, IReadOnlyList<byte[]> Payloads, string Summary, ulong Gas)
    {
        internal Bytes32 Salt { get; init; }

        internal Bytes32 Id { get; init; }

        internal OperationState State { get; init; }
    }
}
