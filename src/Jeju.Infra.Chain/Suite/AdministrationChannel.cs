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

/// <summary>
/// Changes what only the administrator may change, through the timelock: schedules the repairs as one operation and, once the delay is over,
/// executes it. With no delay (localnet) both happen at once.
/// </summary>
internal sealed class AdministrationChannel(SuitePlan plan, TransactionPipeline pipeline)
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

    private readonly JejuTimelockContract _timelock = new(plan.Addresses["JejuTimelock"]);

    /// <summary>Carries out the repairs as far as the timelock allows now.</summary>
    /// <returns>What must wait; null when all is done.</returns>
    internal async Task<PendingAdministration?> ApplyAsync(IReadOnlyList<SuiteDeviation> deviations, CancellationToken cancellationToken)
    {
        List<(SuiteDeviation Deviation, ContractCall Call)> repairs =
            [.. deviations.Where(deviation => deviation.Repair is not null).Select(deviation => (deviation, deviation.Repair!))];
        if (repairs.Count == 0)
        {
            return null;
        }

        List<Address> targets = [.. repairs.Select(repair => repair.Call.To ?? Address.Zero)];
        List<BigInteger> values = [.. repairs.Select(_ => BigInteger.Zero)];
        List<byte[]> payloads = [.. repairs.Select(repair => repair.Call.Data)];
        string summary = string.Join("; ", repairs.Select(repair => repair.Deviation));
        (Bytes32 salt, Bytes32 id, OperationState state) = await FindOperationAsync(targets, values, payloads, cancellationToken).ConfigureAwait(false);
        BigInteger delay = await pipeline.Chain.QueryAsync(_timelock.GetMinDelay(), cancellationToken).ConfigureAwait(false);
        bool mayPropose = plan.Settings.Proposer == pipeline.Account;
        ulong repairGas = (ulong)repairs.Sum(repair => (long)(repair.Deviation.Gas + CallGas));
        ContractCall schedule = _timelock.ScheduleBatch(targets, values, payloads, Bytes32.Zero, salt, delay) with
        {
            Description = "schedule the changes in the timelock",
            GasLimit = ScheduleGas + ((ulong)payloads.Sum(payload => payload.Length) * 40) + ((ulong)repairs.Count * CallGas),
        };
        ContractCall execute = _timelock.ExecuteBatch(targets, values, payloads, Bytes32.Zero, salt, TokenAmount.Zero) with
        {
            Description = "execute the changes through the timelock",
            GasLimit = ScheduleGas + repairGas + ((ulong)payloads.Sum(payload => payload.Length) * 40),
        };
        if (!mayPropose && state is not OperationState.Waiting)
        {
            ContractCall next = state is OperationState.Ready ? execute : schedule;
            return new PendingAdministration(id, null, next with { GasLimit = null }, summary);
        }

        if (state is OperationState.Unset)
        {
            IReadOnlyList<ContractCall> calls = delay.IsZero ? [schedule, execute] : [schedule];
            await pipeline.SendAsync(calls, cancellationToken).ConfigureAwait(false);
            state = delay.IsZero ? OperationState.Done : OperationState.Waiting;
        }
        else if (state is OperationState.Ready)
        {
            await pipeline.SendAsync(execute, cancellationToken).ConfigureAwait(false);
            state = OperationState.Done;
        }

        if (state is OperationState.Done)
        {
            return null;
        }

        BigInteger executableAt = await pipeline.Chain.QueryAsync(_timelock.GetTimestamp(id), cancellationToken).ConfigureAwait(false);
        return new PendingAdministration(id, (ulong)executableAt, null, summary);
    }

    /// <summary>
    /// The operation of these changes that is not done yet. The same changes may be needed again later, and an operation is done only once, so
    /// the salt counts them.
    /// </summary>
    private async Task<(Bytes32 Salt, Bytes32 Id, OperationState State)> FindOperationAsync(
        IReadOnlyList<Address> targets, IReadOnlyList<BigInteger> values, IReadOnlyList<byte[]> payloads, CancellationToken cancellationToken)
    {
        for (int number = 0; number < SaltsTried; number++)
        {
            Bytes32 salt = Keccak.Hash($"jeju/{number}");
            Bytes32 id = await pipeline.Chain.QueryAsync(
                _timelock.HashOperationBatch(targets, values, payloads, Bytes32.Zero, salt), cancellationToken).ConfigureAwait(false);
            OperationState state = (OperationState)await pipeline.Chain.QueryAsync(_timelock.GetOperationState(id), cancellationToken).ConfigureAwait(false);
            if (state is not OperationState.Done)
            {
                return (salt, id, state);
            }
        }

        throw new InfraException(
            new ErrorCode(405), $"The same changes were made {SaltsTried} times.", "Find out who undoes them: `jeju contracts verify` names the differences.");
    }
}
