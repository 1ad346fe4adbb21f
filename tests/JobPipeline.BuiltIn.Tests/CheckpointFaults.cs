using JobPipeline.Jobs;
using JobPipeline.Testing;

namespace JobPipeline.BuiltIn.Tests;

internal enum CheckpointFault
{
    None,

    /// <summary>The checkpoint is not stored, and the run fails.</summary>
    Lost,

    /// <summary>The checkpoint is stored, and the run fails.</summary>
    Stored,

    /// <summary>Another worker has taken over the job before the checkpoint is stored.</summary>
    Fenced,
}

/// <summary>An in-memory store that injects a list of faults into checkpoints, in order, and none after the list.</summary>
internal sealed class CheckpointFaults(IReadOnlyList<CheckpointFault> faults) : IJobStore
{
    private readonly InMemoryJobStore _store = new();
    private ReadOnlyMemory<byte> _last;
    private int _checkpoints;

    /// <summary>Called before each checkpoint.</summary>
    public Action? OnCheckpoint { get; set; }

    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) => _store.ReadAsync(id, cancellationToken);

    public async Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (transition.Attempt?.Row is not { State: AttemptState.Running, Checkpoint.IsEmpty: false } row
            || row.Checkpoint.Span.SequenceEqual(_last.Span))
            return await _store.ApplyAsync(transition, cancellationToken);

        var fault = _checkpoints < faults.Count ? faults[_checkpoints] : CheckpointFault.None;
        _checkpoints++;
        OnCheckpoint?.Invoke();
        if (fault == CheckpointFault.Lost)
            throw new CutOffException();
        if (fault == CheckpointFault.Fenced)
        {
            var stored = (await _store.ReadAsync(row.Job, cancellationToken)).Attempts[^1];
            await _store.ApplyAsync(JobTransition.Touch(stored with { ClaimId = Guid.NewGuid(), Owner = "another" }), cancellationToken);
            return await _store.ApplyAsync(transition, cancellationToken);
        }

        _last = row.Checkpoint;
        var result = await _store.ApplyAsync(transition, cancellationToken);
        return fault == CheckpointFault.Stored ? throw new CutOffException() : result;
    }
}
