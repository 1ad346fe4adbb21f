using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>Deliberate defects of the protocol of strands.</summary>
public enum StrandMutation
{
    None,

    /// <summary>The ids of the steps are derived from the clock of the worker.</summary>
    IdsFromTheWorkersClock,

    /// <summary>A request is applied while a strand is out.</summary>
    RequestAppliedWhileOut,

    /// <summary>A copy that takes the place of a lost one does not bar the step after the one that may be running.</summary>
    NothingBarred,

    /// <summary>A copy does not see the claim of another one.</summary>
    NoClaim,
}

/// <summary>
/// The storage as one copy of a strand sees it: before each of its operations the world may do something else, such as stop the copy
/// for good. Operations of others pass.
/// </summary>
internal sealed class StrandWorld(InMemoryJobStore jobs, StrandMutation mutation) : IJobStore
{
    private readonly AsyncLocal<Copy?> _current = new();

    /// <summary>Whether the clocks of the other workers are ahead, so that they take the lease of the first copy for passed.</summary>
    public bool AreOthersAhead { get; set; }

    /// <summary>Returns the end of a lease as the current worker sees it.</summary>
    public DateTimeOffset Seen(DateTimeOffset leaseUntil) =>
        AreOthersAhead && _current.Value is null ? leaseUntil - TimeSpan.FromHours(1) : leaseUntil;

    /// <summary>Runs work as a copy of a strand.</summary>
    public async Task<T> RunAsync<T>(Copy copy, Func<Task<T>> work)
    {
        _current.Value = copy;
        return await work();
    }

    /// <summary>Runs what others do meanwhile.</summary>
    public async Task OutsideAsync(Func<Task> work)
    {
        _current.Value = null;
        await work();
    }

    public Task PassAsync() => _current.Value?.PassAsync() ?? Task.CompletedTask;

    public async Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken)
    {
        await PassAsync();
        return await jobs.ReadAsync(id, cancellationToken);
    }

    public async Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        await PassAsync();
        var isBarred = transition.Record?.Status.Reason?.StartsWith("left to", StringComparison.Ordinal) == true;
        return mutation == StrandMutation.NothingBarred && isBarred
            ? new TransitionResult(Applied: true)
            : await jobs.ApplyAsync(transition, cancellationToken);
    }

    /// <summary>A copy of a strand, whose operations are numbered from 1.</summary>
    internal sealed class Copy(int number, Func<Task> happens)
    {
        private int _operations;

        /// <summary>Whether every later operation waits as well: the whole process has stopped.</summary>
        public bool IsStopped { get; set; }

        /// <summary>Whether the operation is the one before which something happens, and not a later one.</summary>
        public bool IsFirst => _operations == number;

        public Task PassAsync() =>
            ++_operations == number || (_operations > number && IsStopped) ? happens() : Task.CompletedTask;
    }
}

/// <summary>The claims and requests as a copy of a strand sees them.</summary>
internal sealed class StrandClaimsWorld(StrandWorld world, IStrandStore inner, StrandMutation mutation) : IStrandStore
{
    public async Task<StrandClaim?> ReadAsync(string instance, string strand, CancellationToken cancellationToken)
    {
        await world.PassAsync();
        return await inner.ReadAsync(instance, strand, cancellationToken) is { } claim
            ? claim with { LeaseUntil = world.Seen(claim.LeaseUntil) }
            : null;
    }

    public async Task<string?> TryWriteAsync(string instance, string strand, StrandClaim claim, CancellationToken cancellationToken)
    {
        await world.PassAsync();
        return mutation == StrandMutation.NoClaim ? "any" : await inner.TryWriteAsync(instance, strand, claim, cancellationToken);
    }

    public Task NoteRequestAsync(
        string instance, string request, IReadOnlyCollection<string> known, CancellationToken cancellationToken) =>
        inner.NoteRequestAsync(instance, request, known, cancellationToken);

    public async Task<IReadOnlyList<string>> ReadRequestsAsync(string instance, CancellationToken cancellationToken)
    {
        await world.PassAsync();
        return await inner.ReadRequestsAsync(instance, cancellationToken);
    }
}

/// <summary>The values as a copy of a strand sees them.</summary>
internal sealed class StrandValuesWorld(StrandWorld world, InMemoryWorkflowData inner) : IWorkflowData
{
    public async Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken)
    {
        await world.PassAsync();
        await inner.WriteAsync(instance, values, cancellationToken);
    }

    public async Task<bool> TryWriteOutputAsync(
        string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await world.PassAsync();
        return await inner.TryWriteOutputAsync(instance, name, rank, value, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken)
    {
        await world.PassAsync();
        return await inner.ReadAsync(instance, name, cancellationToken);
    }

    public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, CancellationToken cancellationToken) =>
        inner.ReadItemsAsync(instance, step, cancellationToken);

    public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
        inner.ListChildrenAsync(instance, cancellationToken);

    public Task RemoveAsync(string instance, CancellationToken cancellationToken) => inner.RemoveAsync(instance, cancellationToken);
}
