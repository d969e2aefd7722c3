using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Probes;

using Microsoft.Extensions.Logging;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Looks after one lease: one loop that compares what the chain wants with what runs, and does the next step. It holds nothing that a restart
/// would lose. Its only exits are the end of the lease, which undoes everything, and the stop of the agent, which undoes nothing: the
/// workload goes on.
/// </summary>
internal sealed class LeaseActor
{
    private static readonly TimeSpan FastProbe = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowProbe = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(10);

    private readonly AgentContext _context;
    private readonly WakeSignal _wake;
    private readonly WorkloadStops _stops;
    private readonly Lock _gate = new();
    private Lease _lease;
    private CancellationTokenSource? _work;
    private bool _hasReported;

    public LeaseActor(AgentContext context, Lease lease)
    {
        _context = context;
        _wake = new WakeSignal(context.Time);
        _stops = new WorkloadStops(context.Time);
        _lease = lease;
        Status = new LeaseStatus(lease.OrderId, lease.Kind.ToName(), LeasePhase.Requested, string.Empty, lease.Endpoint);
    }

    /// <summary>What the status page shows.</summary>
    public LeaseStatus Status { get; private set; }

    /// <summary>A new view of the chain. Work for a lease that is over is broken off.</summary>
    public void Update(Lease lease)
    {
        lock (_gate)
        {
            bool changed = lease.State != _lease.State || lease.IsOurs != _lease.IsOurs || lease.Endpoint != _lease.Endpoint;
            _lease = lease;
            if (lease.IsOver)
            {
                _work?.Cancel();
            }

            if (!changed)
            {
                return;
            }
        }

        _wake.Set();
    }

    /// <summary>The workload's process ended, or the workload vanished.</summary>
    public void WorkloadStopped()
    {
        lock (_gate)
        {
            if (_lease.IsOver)
            {
                return;
            }
        }

        _stops.Note();
        _context.Metrics.WorkloadStopped();
        _context.Logger.LogWarning("lease {OrderId} ({Kind}): the workload stopped; restoring it", Status.OrderId, Status.Kind);
        _wake.Set();
    }

    /// <summary>Looks at the workload now rather than at the next interval.</summary>
    public void Look() => _wake.Set();

    /// <summary>Runs until the lease is over, or the agent stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        while (true)
        {
            Lease lease = Current();
            TimeSpan pause;
            try
            {
                if (lease.IsOver)
                {
                    await EndAsync(lease, cancellationToken).ConfigureAwait(false);
                    return;
                }

                pause = lease.IsToBeServed ? await ServeAsync(lease, cancellationToken).ConfigureAwait(false) : ProbeInterval;
                failures = 0;
            }
            catch (InfraException failure)
            {
                failures++;
                pause = await HandleFailureAsync(lease, failure, failures, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && Current().IsOver)
            {
                // The lease ended while it was worked on: look at once.
                continue;
            }
#pragma warning disable CA1031 // A defect in the care of one lease must not end the care of the others; it is logged with its stack.
            catch (Exception defect) when (!(defect is OperationCanceledException && cancellationToken.IsCancellationRequested))
#pragma warning restore CA1031
            {
                failures++;
                pause = _context.Backoff(failures);
                _context.Metrics.LeaseFailed();
                _context.Logger.LogError(defect, "lease {OrderId}: unexpected failure", lease.OrderId);
            }

            await _wake.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan ProbeInterval => TimeSpan.FromSeconds(_context.Settings.ProbeSeconds);

    private Lease Current()
    {
        lock (_gate)
        {
            return _lease;
        }
    }

    private void Show(LeasePhase phase, string detail = "", ServiceEndpoint? endpoint = null)
    {
        if (Status.Phase != phase)
        {
            _context.Logger.LogInformation("lease {OrderId} ({Kind}): {Phase} {Detail}", Status.OrderId, Status.Kind, phase, detail);
        }

        Status = Status with { Phase = phase, Detail = detail, Endpoint = endpoint ?? Status.Endpoint };
    }

    private async Task<TimeSpan> ServeAsync(Lease lease, CancellationToken cancellationToken)
    {
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_gate)
        {
            _work = work;
        }

        try
        {
            await PauseIfCrashingAsync(work.Token).ConfigureAwait(false);
            lease = await ConfirmAsync(lease, work.Token).ConfigureAwait(false);
            if (!lease.IsToBeServed)
            {
                return ProbeInterval;
            }

            ServiceKind kind = RequireServable(lease);
            Workload workload = await StartAsync(lease, kind, work.Token).ConfigureAwait(false);
            ServiceEndpoint endpoint = workload.Endpoint ?? throw new InvalidOperationException("A running workload has an endpoint.");
            ServiceCredentials credentials = workload.Credentials ?? throw new InvalidOperationException("A running workload has credentials.");
            ProbeResult result = await ProbeAsync(lease, kind, endpoint, credentials, work.Token).ConfigureAwait(false);
            return await ReportAsync(lease, endpoint, credentials, result, work.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _work = null;
            }
        }
    }

    /// <summary>
    /// A view of the chain from before the report may come in after it. Whoever has reported asks what is true now before he reports once
    /// more; where the report was rolled back, that is still the request.
    /// </summary>
    private async Task<Lease> ConfirmAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsRequested || !_hasReported)
        {
            return lease;
        }

        foreach (Lease present in await _context.Chain.ReadLeasesAsync([lease.OrderId], cancellationToken).ConfigureAwait(false))
        {
            if (present.OrderId == lease.OrderId)
            {
                Update(present);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Current();
    }

    private ServiceKind RequireServable(Lease lease)
    {
        string? reason = ServiceCatalog.TryFind(lease.Kind) is null ? $"this agent does not know the kind '{lease.Kind.ToName()}'"
            : lease.NeedsTee && lease.IsRequested ? "it needs a TEE, which this provider node has not"
            : null;
        return reason is null
            ? ServiceCatalog.Find(lease.Kind.ToName())
            : throw new InfraException(
                MarketplaceErrors.LeaseNotServable, $"Order {lease.OrderId} cannot be served: {reason}.", "Withdraw the offer.");
    }

    private async Task<Workload> StartAsync(Lease lease, ServiceKind kind, CancellationToken cancellationToken)
    {
        if (lease.IsRequested)
        {
            Show(LeasePhase.Starting);
            // Outside the slots: a pull that takes long, or hangs, holds up the leases of its own kind alone.
            await _context.WithinAsync(
                AgentContext.PrepareDeadline, $"get the image of {kind.Name}", token => _context.Backend.PrepareAsync(kind, token), cancellationToken)
                .ConfigureAwait(false);
        }

        await _context.StartSlots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WorkloadRequest request = new(lease.OrderId, kind, lease.Limits, lease.Endpoint);
            return await _context.WithinAsync(
                AgentContext.StepDeadline, $"start {kind.Name}", token => _context.Backend.EnsureAsync(request, token), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _context.StartSlots.Release();
        }
    }

    /// <summary>Asks until the service serves, or the time for it is over; the last result counts.</summary>
    private async Task<ProbeResult> ProbeAsync(
        Lease lease, ServiceKind kind, ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken)
    {
        if (lease.IsRequested)
        {
            Show(LeasePhase.Probing, string.Empty, endpoint);
        }

        if (kind.Workload is not { } template || !_context.Backend.HasListeners)
        {
            return ProbeResult.Serving;
        }

        IServiceProbe probe = ServiceProbes.For(template.Probe, _context.Time);
        TimeSpan limit = lease.IsRequested ? TimeSpan.FromSeconds(Math.Max(1, lease.SecondsToDeadline)) : RestoreLimit;
        long started = _context.Time.GetTimestamp();
        TimeSpan pause = FastProbe;
        while (true)
        {
            ProbeResult result = await probe.ProbeAsync(endpoint, credentials, cancellationToken).ConfigureAwait(false);
            bool isGood = result.Outcome == ProbeOutcome.Serving || (result.Outcome == ProbeOutcome.Refusing && lease.IsReported);
            if (isGood || _context.Time.GetElapsedTime(started) > limit)
            {
                return result;
            }

            if (lease.IsReported && Status.Phase == LeasePhase.Ready)
            {
                Show(LeasePhase.Degraded, result.Detail);
            }

            // Every start-up is quick to be noticed, and a slow one is not hammered.
            await Task.Delay(pause, _context.Time, cancellationToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(SlowProbe.Ticks, pause.Ticks * 5 / 4));
        }
    }

    private async Task<TimeSpan> ReportAsync(
        Lease lease, ServiceEndpoint endpoint, ServiceCredentials credentials, ProbeResult result, CancellationToken cancellationToken)
    {
        bool isServing = result.Outcome == ProbeOutcome.Serving || (result.Outcome == ProbeOutcome.Refusing && lease.IsReported);
        if (!isServing)
        {
            _context.Metrics.ProbeFailed();
            Show(lease.IsReported ? LeasePhase.Degraded : LeasePhase.Probing, result.Detail, endpoint);
            return _context.Backoff(1);
        }

        bool moved = lease.IsReported && lease.Endpoint is not null && lease.Endpoint != endpoint;
        if (lease.IsRequested || moved)
        {
            SealContext context = new(_context.Chain.Chain, _context.Chain.Contract, lease.OrderId, lease.Generation);
            byte[] box = CredentialSeal.Seal(credentials, lease.EncryptionKey, context);
            await (moved
                ? _context.Chain.UpdateEndpointAsync(lease.OrderId, endpoint, box, cancellationToken)
                : _context.Chain.ReportReadyAsync(lease.OrderId, endpoint, box, cancellationToken)).ConfigureAwait(false);
            Reported(lease, endpoint);
            _context.RequestReconcile();
        }

        Show(LeasePhase.Ready, result.Detail, endpoint);
        return ProbeInterval;
    }

    /// <summary>Until the chain is read again, what was reported counts: whoever wakes the actor before must not make it report once more.</summary>
    private void Reported(Lease lease, ServiceEndpoint endpoint)
    {
        lock (_gate)
        {
            _hasReported = true;
            if (_lease == lease)
            {
                _lease = lease with { State = lease.IsRequested ? OrderState.Ready : lease.State, Endpoint = endpoint };
            }
        }
    }

    private async Task<TimeSpan> HandleFailureAsync(Lease lease, InfraException failure, int failures, CancellationToken cancellationToken)
    {
        _context.Metrics.LeaseFailed();
        _context.Logger.LogWarning("lease {OrderId}: {Failure}", lease.OrderId, failure.ToDisplayText());
        Show(lease.IsReported ? LeasePhase.Degraded : Status.Phase, failure.ToDisplayText());
        bool isHopeless = failure.Code == MarketplaceErrors.ImageUnavailable || failure.Code == MarketplaceErrors.KindNotRunnable
            || failure.Code == MarketplaceErrors.LeaseNotServable || failure.Code == MarketplaceErrors.DataLost
            || failure.Code == MarketplaceErrors.CredentialsUnreadable;
        if (isHopeless)
        {
            await TryGiveUpAsync(lease, cancellationToken).ConfigureAwait(false);
        }
        else if (failure.Code == ChainErrors.RevertedCode)
        {
            // The order is not what we thought: look again before the next try.
            _context.RequestReconcile();
        }

        return _context.Backoff(failures);
    }

    /// <summary>Tells the chain that this provider node cannot serve the order, so that its consumer is refunded at once.</summary>
    private async Task TryGiveUpAsync(Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            await _context.Chain.ReleaseAsync(lease.OrderId, cancellationToken).ConfigureAwait(false);
            _context.RequestReconcile();
        }
        catch (InfraException failure)
        {
            _context.Logger.LogWarning("lease {OrderId} cannot be given up: {Failure}", lease.OrderId, failure.ToDisplayText());
        }
    }

    private async Task EndAsync(Lease lease, CancellationToken cancellationToken)
    {
        Show(LeasePhase.Ended, $"{lease.State}");
        await _context.WithinAsync(
            AgentContext.StepDeadline, "remove the workload", token => _context.Backend.RemoveAsync(lease.OrderId, token), cancellationToken)
            .ConfigureAwait(false);
        if (lease.IsOurs && lease.IsOverdue)
        {
            try
            {
                await _context.Chain.ExpireAsync(lease.OrderId, cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException refusal) when (refusal.Code == ChainErrors.RevertedCode)
            {
                // Anybody may end an overdue order, and somebody was faster.
                _context.Logger.LogInformation("lease {OrderId} was ended already: {Reason}", lease.OrderId, refusal.Message);
            }
        }
    }

    private async Task PauseIfCrashingAsync(CancellationToken cancellationToken)
    {
        if (_stops.TooMany is > 0 and int tooMany)
        {
            await Task.Delay(_context.Backoff(tooMany), _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>A lease on the status page.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">The kind of service.</param>
/// <param name="Phase">What the agent does for it.</param>
/// <param name="Detail">Why, in words; never a secret.</param>
/// <param name="Endpoint">Where it answers, once known.</param>
internal sealed record LeaseStatus(Bytes32 OrderId, string Kind, LeasePhase Phase, string Detail, ServiceEndpoint? Endpoint);
