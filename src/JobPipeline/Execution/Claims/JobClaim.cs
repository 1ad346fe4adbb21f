using JobPipeline.Jobs;

namespace JobPipeline.Execution.Claims;

/// <summary>
/// The only writer of a claimed attempt: heartbeat, progress, checkpoint and outcome are written one after another. The fence is the
/// claim id; the version only serialises. After a refused write the rows are read again: our own claim id means that a cancellation was
/// requested, or that a response was lost; another claim id means that the claim is lost.
/// </summary>
internal sealed class JobClaim : IDisposable
{
    private readonly IJobStore _store;
    private readonly CancellationTokenSource _interrupted = new();
    private Task _tail = Task.CompletedTask;
    private JobProgress? _progress;
    private JobTransition? _ending;

    public JobClaim(IJobStore store, Attempt row)
    {
        _store = store;
        Row = row;
        Interrupted = _interrupted.Token;
    }

    /// <summary>The row as it was stored last.</summary>
    public Attempt Row { get; private set; }

    /// <summary>Whether another worker holds the attempt, or may hold it by now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Cancelled when the claim is lost, when a cancellation of the job is requested, or by <see cref="Interrupt"/>.</summary>
    public CancellationToken Interrupted { get; }

    /// <summary>The progress, which the next write stores.</summary>
    public JobProgress? Progress
    {
        get => _progress ?? Row.Progress;
        set => _progress = value;
    }

    /// <summary>Extends the lease. False: the claim is lost.</summary>
    public Task<bool> RenewAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        WriteAsync(row => JobTransition.Touch(row with { LeaseUntil = until }), cancellationToken);

    /// <summary>Stores a checkpoint. False: the claim is lost.</summary>
    public Task<bool> SaveAsync(ReadOnlyMemory<byte> checkpoint, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        WriteAsync(row => JobTransition.Touch(row with { Checkpoint = checkpoint, LeaseUntil = leaseUntil }), cancellationToken);

    /// <summary>
    /// Stores the outcome; <paramref name="ending"/> sees the newest row, including a request to cancel. Returns the transition that was
    /// stored; null when it was refused.
    /// </summary>
    public async Task<JobTransition?> EndAsync(Func<Attempt, JobTransition> ending, CancellationToken cancellationToken) =>
        await WriteAsync(row => _ending = ending(row), cancellationToken) ? _ending : null;

    /// <summary>Gives the claim up.</summary>
    public void Lose()
    {
        IsLost = true;
        Interrupt();
    }

    /// <summary>Tells the handler to stop.</summary>
    public void Interrupt()
    {
        try
        {
            _interrupted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended: there is nothing to interrupt.
            return;
        }
    }

    public void Dispose() => _interrupted.Dispose();

    private async Task<bool> WriteAsync(Func<Attempt, JobTransition> change, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource();
        var previous = Interlocked.Exchange(ref _tail, turn.Task);
        try
        {
            await previous;
            return await ApplyAsync(change, cancellationToken);
        }
        finally
        {
            turn.SetResult();
        }
    }

    private async Task<bool> ApplyAsync(Func<Attempt, JobTransition> change, CancellationToken cancellationToken)
    {
        while (!IsLost)
        {
            // A heartbeat after the outcome must not set the attempt to running again.
            if (Row.State != AttemptState.Running)
                return true;
            var transition = change(_progress is null ? Row : Row with { Progress = _progress });
            var result = await _store.ApplyAsync(transition, cancellationToken);
            if (result.Applied)
            {
                var row = transition.Attempt!.Row;
                // An ended attempt is written no more, so its version is of no use.
                Row = row.State == AttemptState.Running ? row with { Version = result.AttemptVersion } : row;
                return true;
            }

            Rebase(await _store.ReadAsync(Row.Job, cancellationToken));
        }

        return false;
    }

    private void Rebase(JobSnapshot rows)
    {
        var stored = rows.Attempts.FirstOrDefault(a => a.Number == Row.Number);
        if (stored?.ClaimId != Row.ClaimId)
        {
            Lose();
            return;
        }

        Row = stored;
        if (stored.CancelRequested)
            Interrupt();
    }
}
