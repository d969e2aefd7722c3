namespace Jeju.Infra.Engine.State;

/// <summary>
/// The state while a run changes it. Every change is written before the caller goes on; changes that come while a write is under way
/// share the next one. Resources that this run has finished come first, in the order in which they were finished, then the old ones:
/// so what a resource depends on always precedes it.
/// </summary>
internal sealed class SnapshotRecorder
{
    private readonly Lock _gate = new();
    private readonly CheckpointWriter? _writer;
    private readonly List<ResourceState> _finished = [];
    private readonly List<ResourceState> _old;
    private readonly List<PendingOperation> _pending;
    private List<TaskCompletionSource> _waiting = [];
    private bool _isWriting;
    private bool _isDirty;
    private bool _endsWithFlush;

    /// <summary>Begins with the state of the last run.</summary>
    /// <param name="snapshot">That state.</param>
    /// <param name="writer">Writes the checkpoints; null in a preview.</param>
    public SnapshotRecorder(Snapshot snapshot, CheckpointWriter? writer)
    {
        _writer = writer;
        _old = [.. snapshot.Resources];
        _pending = [.. snapshot.PendingOperations];
    }

    /// <summary>The state as it is now.</summary>
    public Snapshot Current
    {
        get
        {
            lock (_gate)
            {
                return new Snapshot([.. _finished, .. _old], [.. _pending]);
            }
        }
    }

    /// <summary>The states of the last run that this run has not finished.</summary>
    public IReadOnlyList<ResourceState> Unfinished
    {
        get
        {
            lock (_gate)
            {
                return [.. _old];
            }
        }
    }

    /// <summary>Records that an operation begins; returns when that is written.</summary>
    public Task BeginAsync(PendingOperation operation) => ChangeAsync(() => _pending.Add(operation));

    /// <summary>Records an operation's end together with what it did.</summary>
    /// <param name="operation">The operation; null where none was begun.</param>
    /// <param name="removed">States that are no more: replaced by <paramref name="added"/> or deleted.</param>
    /// <param name="added">The state that is finished now; null where there is none.</param>
    /// <param name="exchanged">A state that stays where it is, changed; null where there is none.</param>
    public Task EndAsync(
        PendingOperation? operation, IReadOnlyList<ResourceState> removed, ResourceState? added, (ResourceState Old, ResourceState New)? exchanged = null) => ChangeAsync(() =>
    {
        if (exchanged is { } pair)
        {
            Exchange(pair.Old, pair.New);
        }

        if (operation is not null)
        {
            _pending.Remove(operation);
        }

        if (added is not null)
        {
            // Whatever an earlier run had begun to create under this URN is this resource now: providers find their own half-made things.
            _pending.RemoveAll(pending => pending.Kind == PendingOperationKind.Creating && pending.Resource.Urn == added.Urn && added.Id.Length > 0);
            _finished.Add(added);
        }

        Remove(removed);
    });

    /// <summary>Exchanges a state without moving it.</summary>
    public Task ExchangeAsync(ResourceState old, ResourceState replacement) => ChangeAsync(() => Exchange(old, replacement));

    /// <summary>Moves a resource that stayed as it is to its new place, which alone is not worth a write.</summary>
    public void Keep(ResourceState state)
    {
        lock (_gate)
        {
            Remove([state]);
            _finished.Add(state);
        }
    }

    /// <summary>Drops pending operations that need no more attention.</summary>
    public Task DropPendingAsync(Func<PendingOperation, bool> condition)
    {
        lock (_gate)
        {
            if (_pending.RemoveAll(pending => condition(pending)) == 0)
            {
                return Task.CompletedTask;
            }
        }

        return ChangeAsync(static () => { });
    }

    /// <summary>Rewrites all old states, as a refresh does.</summary>
    public Task RewriteAsync(Func<IReadOnlyList<ResourceState>, IReadOnlyList<ResourceState>> rewrite) => ChangeAsync(() =>
    {
        var rewritten = rewrite([.. _old]);
        _old.Clear();
        _old.AddRange(rewritten);
    });

    /// <summary>Writes what is not written, and makes the file outlive a loss of power.</summary>
    public async Task FinishAsync()
    {
        Task? written = null;
        lock (_gate)
        {
            _endsWithFlush = true;
            if (_isDirty)
            {
                written = ScheduleWrite();
            }
        }

        if (written is not null)
        {
            await written.ConfigureAwait(false);
        }
    }

    private Task ChangeAsync(Action change)
    {
        lock (_gate)
        {
            change();
            return _writer is null ? Task.CompletedTask : ScheduleWrite();
        }
    }

    private void Remove(IReadOnlyList<ResourceState> removed)
    {
        foreach (var state in removed)
        {
            if (!RemoveReference(_old, state))
            {
                RemoveReference(_finished, state);
            }
        }
    }

    private static bool RemoveReference(List<ResourceState> list, ResourceState state)
    {
        var index = list.FindIndex(candidate => ReferenceEquals(candidate, state));
        if (index >= 0)
        {
            list.RemoveAt(index);
        }

        return index >= 0;
    }

    private void Exchange(ResourceState old, ResourceState replacement)
    {
        foreach (var list in new[] { _finished, _old })
        {
            var index = list.FindIndex(candidate => ReferenceEquals(candidate, old));
            if (index >= 0)
            {
                list[index] = replacement;
                return;
            }
        }

        throw new InvalidOperationException($"The state of '{old.Urn}' is not the recorded one.");
    }

    private Task ScheduleWrite()
    {
        _isDirty = true;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(written);
        if (!_isWriting)
        {
            _isWriting = true;
            _ = Task.Run(WriteAllAsync);
        }

        return written.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<TaskCompletionSource> waiting;
            Snapshot snapshot;
            bool durable;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                (waiting, _waiting) = (_waiting, []);
                snapshot = new Snapshot([.. _finished, .. _old], [.. _pending]);
                durable = _endsWithFlush;
                _isDirty = false;
            }

            try
            {
                await _writer!.WriteAsync(snapshot, durable, CancellationToken.None).ConfigureAwait(false);
                waiting.ForEach(static one => one.SetResult());
            }
            catch (Exception exception)
            {
                lock (_gate)
                {
                    _isDirty = true;
                }

                waiting.ForEach(one => one.SetException(exception));
            }
        }
    }
}
