using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

/// <summary>A store without a fence: the last writer of an attempt has it.</summary>
internal sealed class UnfencedStore(IJobStore inner) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

    public async Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (transition.Attempt is { Row: { Version: not null } row })
        {
            var stored = (await inner.ReadAsync(transition.Job, cancellationToken)).Attempts.First(a => a.Number == row.Number);
            transition = transition with { Attempt = new AttemptWrite(row with { Version = stored.Version }) };
        }

        return await inner.ApplyAsync(transition, cancellationToken);
    }
}

/// <summary>A store whose leases seem to have run out long ago.</summary>
internal sealed class ExpiredLeaseStore(IJobStore inner) : IJobStore
{
    public async Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken)
    {
        var rows = await inner.ReadAsync(id, cancellationToken);
        return rows with { Attempts = [.. rows.Attempts.Select(row => row with { LeaseUntil = row.LeaseUntil - TimeSpan.FromDays(1) })] };
    }

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken) =>
        inner.ApplyAsync(transition, cancellationToken);
}

/// <summary>Writes that were confirmed and are still to be made.</summary>
internal sealed class HeldWrites
{
    private readonly List<Func<Task>> _held = [];

    public void Hold(Func<Task> write) => _held.Add(write);

    public async Task CommitAsync()
    {
        var held = _held.ToArray();
        _held.Clear();
        foreach (var write in held)
            await write();
    }
}

/// <summary>A store that confirms the outcomes of some states at once and writes them later.</summary>
internal sealed class LateStore(IJobStore inner, HeldWrites held, params JobState[] states) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (transition.Record?.Status.State is not { } state || !states.Contains(state))
            return inner.ApplyAsync(transition, cancellationToken);
        held.Hold(() => inner.ApplyAsync(transition, cancellationToken));
        return Task.FromResult(new TransitionResult(true, "pending"));
    }
}

/// <summary>A queue whose sends come before the writes that were held.</summary>
internal sealed class FirstQueue(IJobQueue inner, HeldWrites held) : IJobQueue
{
    public async Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        await inner.SendAsync(queue, body, delay, cancellationToken);
        await held.CommitAsync();
    }
}

/// <summary>Dead letters: they come before the writes that were held; replays may be held themselves.</summary>
internal sealed class FirstDeadLetters(IDeadLetterStore inner, HeldWrites held, bool holdsReplays) : IDeadLetterStore
{
    public async Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        await inner.AddAsync(deadLetter, cancellationToken);
        await held.CommitAsync();
    }

    public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

    public Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
    {
        if (!holdsReplays)
            return inner.TryWriteReplaysAsync(deadLetter, cancellationToken);
        held.Hold(() => inner.TryWriteReplaysAsync(deadLetter, cancellationToken));
        return Task.FromResult(true);
    }

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(filter, before, limit, cancellationToken);

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);
}
