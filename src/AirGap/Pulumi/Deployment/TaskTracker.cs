namespace Pulumi;

/// <summary>Knows when a run has ended: when nothing runs any more, or when something failed.</summary>
internal sealed class TaskTracker
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The program's own construction is the first; Release ends it.
    private int running = 1;

    /// <summary>Ends when no task is left; fails with the first failure, without waiting for the others.</summary>
    public Task Ended => ended.Task;

    public void Register(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }
        Interlocked.Increment(ref running);
        task.ContinueWith(OnEnded, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The program's construction has ended.</summary>
    public void Release() => Leave();

    private void OnEnded(Task task)
    {
        if (task.IsCanceled)
        {
            ended.TrySetException(new TaskCanceledException(task));
        }
        else if (task.Exception is { } exception)
        {
            ended.TrySetException(exception.InnerExceptions[0]);
        }
        Leave();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref running) == 0)
        {
            ended.TrySetResult();
        }
    }
}
