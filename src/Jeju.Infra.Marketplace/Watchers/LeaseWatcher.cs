using System.Collections.Concurrent;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Probes;

using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// One of the k of n watchers that keep providers honest: heartbeats are a provider's own word, so a watcher asks the services themselves, by
/// their protocols. It has no credentials and needs none: a service that refuses a login speaks its protocol and is alive. Slots in which nobody
/// answered it signs, leaves the record for the other watchers, signs what it can confirm of theirs, and sends what enough have signed.
/// </summary>
public sealed class LeaseWatcher
{
    private const int Parallelism = 16;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMinutes(10);

    private readonly ChainClient _chain;
    private readonly TransactionPipeline _pipeline;
    private readonly ISigner _signer;
    private readonly ExternalChainProviderContract _orders;
    private readonly IProbeExchange _exchange;
    private readonly WatchedLeases _leases;
    private readonly WatcherProbe _probe;
    private readonly LifeSigns? _lifeSigns;
    private readonly ProbeQuorum _quorum = new();
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly Dictionary<PlacementKey, SlotLedger> _ledgers = [];
    private readonly HashSet<ProbeRecord> _refused = [];
    private readonly Lock _telling = new();
    private long _chainAhead;

    /// <summary>Makes a watcher.</summary>
    /// <param name="pipeline">Sends the records; its account pays for gas and must be the signer's.</param>
    /// <param name="signer">The watcher's key. It signs records, which are bare hashes: a key with limits refuses them.</param>
    /// <param name="externalChainProvider">The contract.</param>
    /// <param name="exchangeFolder">The folder of records that this watcher shares with the others.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Told what it signs and sends, one line each.</param>
    /// <param name="marketFacts">The contract that takes signs of life of the chain while a node may be failing; none are given where absent.</param>
    public LeaseWatcher(
        TransactionPipeline pipeline, ISigner signer, Address externalChainProvider, string exchangeFolder, TimeProvider time, Action<string> report,
        Address? marketFacts = null)
    {
        _pipeline = pipeline;
        _chain = pipeline.Chain;
        _signer = signer;
        _orders = new ExternalChainProviderContract(externalChainProvider);
        _exchange = new ProbeFolder(exchangeFolder, _chain.Identity.ChainId, externalChainProvider, time);
        _leases = new WatchedLeases(_chain, _orders);
        _probe = new WatcherProbe(mayBeLocal: _chain.Identity.ChainId == ChainId.Anvil, time);
        _lifeSigns = marketFacts is { } facts ? new LifeSigns(pipeline, facts) : null;
        _time = time;
        _report = report;
    }

    /// <summary>Watches until it is cancelled. An outage of the chain or of the shared folder is waited out; what was not seen meanwhile counts as served.</summary>
    /// <exception cref="InfraException">JEJU0640: the account is no registered watcher; JEJU0303: the chain was replaced.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RequireRegisteredAsync(cancellationToken).ConfigureAwait(false);
        using PeriodicTimer timer = new(ProbeInterval, _time);
        do
        {
            try
            {
                await LookAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException failure) when (failure.Code != ChainErrors.ReplacedChainCode)
            {
                _report(failure.ToDisplayText());
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _report($"the folder of records cannot be used: {failure.Message}");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes sure that the contract knows this watcher: the signatures of others are worth nothing, and would spoil a record.</summary>
    /// <exception cref="InfraException">JEJU0640: it does not.</exception>
    public async Task RequireRegisteredAsync(CancellationToken cancellationToken)
    {
        if (!(await _leases.AreWatchersAsync([_signer.Address], cancellationToken).ConfigureAwait(false))[0])
        {
            throw new InfraException(
                MarketplaceErrors.NotAWatcher,
                $"{_signer.Address.ToChecksumText()} is no registered watcher of {_orders.Address.ToChecksumText()}.",
                "Add the account to the stack's setting `contracts.watchers` and run `up`, or use the key of a registered one.",
                FailureKind.Refused);
        }
    }

    /// <summary>Probes every lease once, signs what is due, and sends what enough watchers have signed.</summary>
    /// <returns>The records that were sent.</returns>
    internal async Task<IReadOnlyList<ProbeRecord>> LookAsync(CancellationToken cancellationToken)
    {
        WatchRules rules = await _leases.ReadRulesAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WatchedLease> leases = await _leases.ReadLeasesAsync(cancellationToken).ConfigureAwait(false);
        await ReadClockAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Finding> findings = await ProbeAsync(leases, cancellationToken).ConfigureAwait(false);

        // Asked again after the probes: a watcher that does not reach the chain is cut off itself, and knows nothing of anybody.
        BlockHeader head = await ReadClockAsync(cancellationToken).ConfigureAwait(false);
        await _leases.ReadRecordedAsync(head.Number, cancellationToken).ConfigureAwait(false);
        Note(findings);
        ulong now = Now();
        if (_lifeSigns is not null && _leases.IsAnyFailing(head.Timestamp, LifeSigns.JudgedSeconds))
        {
            await _lifeSigns.GiveAsync(now, cancellationToken).ConfigureAwait(false);
        }

        foreach ((PlacementKey key, SlotLedger ledger) in _ledgers)
        {
            // A slot must be reported while it is too young to be paid.
            ledger.Forget(now - Math.Min(now, rules.ObjectionWindow));
            if (ledger.IsEmpty)
            {
                _ledgers.Remove(key);
            }
        }

        _leases.Forget(_ledgers.Keys);
        if (rules.Quorum == 0)
        {
            return [];
        }

        IReadOnlyList<SignedProbe> others = await ReadRecordsAsync(cancellationToken).ConfigureAwait(false);
        await SignAsync(rules, others, now, cancellationToken).ConfigureAwait(false);
        _exchange.Prune(_signer.Address, TimeSpan.FromSeconds(Math.Max(2 * rules.ObjectionWindow, ShortestStay.TotalSeconds)));
        return await SendAsync(rules, now, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Finding>> ProbeAsync(IReadOnlyList<WatchedLease> leases, CancellationToken cancellationToken)
    {
        ConcurrentBag<Finding> findings = [];
        await Parallel.ForEachAsync(
            leases,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (lease, stop) =>
            {
                ulong from = Now();
                ProbeResult result = await _probe.AskAsync(lease.Kind, lease.Endpoint, stop).ConfigureAwait(false);
                findings.Add(new Finding(lease, from, Now(), result.Outcome != ProbeOutcome.Silent));
            }).ConfigureAwait(false);
        return [.. findings];
    }

    private void Note(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (!_ledgers.TryGetValue(finding.Lease.Key, out SlotLedger? ledger))
            {
                _ledgers[finding.Lease.Key] = ledger = new SlotLedger(finding.Lease.ReadyAt);
            }

            ledger.Note(finding.From, finding.To, finding.WasAnswered);
        }
    }

    /// <summary>Own findings that are ripe, and whatever of the others' records this watcher saw, too.</summary>
    private async Task SignAsync(WatchRules rules, IReadOnlyList<SignedProbe> others, ulong now, CancellationToken cancellationToken)
    {
        PlacementKey[] dead = [.. _ledgers.Where(ledger => ledger.Value.FindUnserved(now).Count > 0).Select(ledger => ledger.Key)];
        IReadOnlyDictionary<PlacementKey, ulong> ends = await _leases.ReadEndsAsync(dead, cancellationToken).ConfigureAwait(false);
        foreach (PlacementKey key in dead)
        {
            SlotLedger ledger = _ledgers[key];
            HashSet<ProbeRecord> done = [.. others.Where(probe => probe.Watcher == _signer.Address).Select(probe => probe.Record)];
            ProbeRecord[] known = [.. others.Select(probe => probe.Record).Where(record => record.OrderId == key.OrderId && record.Placement == key.Placement)];
            bool IsMine(uint slot) => ledger.IsUnserved(slot, now) && ledger.StartOf(slot) < ends[key] && !_leases.IsRecorded(key, slot);
            IEnumerable<SlotRun> wanted = _quorum.Choose(ledger.FindUnserved(now), known, IsMine, run => IsRipe(run, ledger, rules, now));
            foreach (SlotRun run in wanted)
            {
                ProbeRecord record = new(key.OrderId, key.Placement, run.First, run.Count);
                if (done.Contains(record))
                {
                    // A signature of a key service costs money, and says the same each time.
                    continue;
                }

                RecoverableSignature signature = await _signer
                    .SignAsync(ProbeSignature.HashOf(record, _chain.Identity.ChainId, _orders.Address), cancellationToken).ConfigureAwait(false);
                SignedProbe signed = new(record, _signer.Address, signature.ToBytes());
                await _exchange.PublishAsync(signed, cancellationToken).ConfigureAwait(false);
                _quorum.Add(signed);
                _report($"order {key.OrderId}: silent in slots {run.First} to {run.End - 1}, {run.Count * SlotLedger.SlotSeconds} s; signed");
            }
        }
    }

    // A long outage makes few long records, and each is still in time.
    private static bool IsRipe(SlotRun run, SlotLedger ledger, WatchRules rules, ulong now) =>
        run.Count == SlotLedger.LongestRun || ledger.StartOf(run.First) + (rules.ObjectionWindow / 3) <= now;

    private async Task<IReadOnlyList<SignedProbe>> ReadRecordsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SignedProbe> read = await _exchange.ReadAsync(cancellationToken).ConfigureAwait(false);
        SignedProbe[] ours = [.. read.Where(probe => _ledgers.ContainsKey(new PlacementKey(probe.Record.OrderId, probe.Record.Placement)))];
        Address[] signers = [.. ours.Select(probe => probe.Watcher).Distinct()];
        IReadOnlyList<bool> registered = await _leases.AreWatchersAsync(signers, cancellationToken).ConfigureAwait(false);
        HashSet<Address> watchers = [.. signers.Where((_, index) => registered[index])];
        SignedProbe[] valid = [.. ours.Where(probe => watchers.Contains(probe.Watcher))];
        _quorum.Replace(valid);
        return valid;
    }

    private async Task<IReadOnlyList<ProbeRecord>> SendAsync(WatchRules rules, ulong now, CancellationToken cancellationToken)
    {
        List<(ProbeRecord Record, SignedProbe[] Signed)> due = [];
        foreach ((ProbeRecord record, SignedProbe[] signed) in _quorum.FindComplete(rules.Quorum, _signer.Address))
        {
            bool isInTime = _ledgers.TryGetValue(new PlacementKey(record.OrderId, record.Placement), out SlotLedger? ledger)
                && ledger.StartOf(record.FirstSlot) + rules.ObjectionWindow >= now;
            if (isInTime && !_leases.IsRecorded(record))
            {
                due.Add((record, signed));
            }
        }

        _refused.IntersectWith(due.Select(complete => complete.Record));

        // As many as can at once: while one waits for its block, nobody is probed. What a longer one says is sent only where that is refused.
        List<ProbeRecord> sent = [];
        while (due.Count > 0)
        {
            var longest = due.FindAll(one => !due.Exists(other => other != one && ProbeQuorum.Covers(other.Record, one.Record)));
            bool[] taken = await Task.WhenAll(longest.Select(one => TrySendAsync(one.Record, one.Signed, cancellationToken))).ConfigureAwait(false);
            sent.AddRange(longest.Where((_, index) => taken[index]).Select(one => one.Record));
            due.RemoveAll(one => longest.Contains(one) || sent.Exists(done => ProbeQuorum.Covers(done, one.Record)));
        }

        return sent;
    }

    /// <summary>Sends one record. That the contract refuses it keeps back no other; it is tried again while it is in time, and reported once.</summary>
    private async Task<bool> TrySendAsync(ProbeRecord record, SignedProbe[] signed, CancellationToken cancellationToken)
    {
        string slots = $"order {record.OrderId}: slots {record.FirstSlot} to {record.FirstSlot + record.Slots - 1}";
        try
        {
            await _pipeline.SendAsync(CallOf(record, signed), cancellationToken).ConfigureAwait(false);
            Tell($"{slots} recorded, signed by {signed.Length}", isWorth: () => true);
            return true;
        }
        catch (InfraException refusal) when (refusal.Code == ChainErrors.RevertedCode)
        {
            Tell($"{slots} cannot be recorded: {refusal.ToDisplayText()}", isWorth: () => _refused.Add(record));
            return false;
        }
    }

    private void Tell(string line, Func<bool> isWorth)
    {
        lock (_telling)
        {
            if (isWorth())
            {
                _report(line);
            }
        }
    }

    /// <summary>The call that records what some watchers signed; the contract wants them by rising address.</summary>
    internal ContractCall CallOf(ProbeRecord record, IReadOnlyList<SignedProbe> signed)
    {
        SignedProbe[] rising = [.. signed.OrderBy(probe => probe.Watcher.ToString(), StringComparer.Ordinal)];
        return _orders.RecordProbe(record, [.. rising.Select(probe => probe.Watcher)], [.. rising.Select(probe => probe.Signature)]);
    }

    /// <summary>The chain's time goes by its blocks. They are never ahead of its clock, so whatever they are ahead of ours, its clock is, too.</summary>
    private async Task<BlockHeader> ReadClockAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await _chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        _chainAhead = Math.Max(_chainAhead, (long)head.Timestamp - _time.GetUtcNow().ToUnixTimeSeconds());
        return head;
    }

    private ulong Now() => (ulong)(_time.GetUtcNow().ToUnixTimeSeconds() + _chainAhead);

    private sealed record Finding(WatchedLease Lease, ulong From, ulong To, bool WasAnswered);
}
