using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

/// <summary>The instances that a worker without handlers sees: one with a handler for every type and an up-to-date heartbeat.</summary>
internal sealed class LivingWorker(TimeProvider time) : IInstanceStore
{
    private static readonly KnownJobType[] Types =
        [.. new[] { Wiring.JobType, Wiring.CallbackType, Wiring.BulkType }.Select(type => new KnownJobType(type, PriorityQueues.Normal))];

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var instance = new Instance { Name = "all workers", Kind = "self-host", StartedAt = now, LastHeartbeatAt = now, JobTypes = Types };
        return Task.FromResult<IReadOnlyList<Instance>>([instance]);
    }

    public Task PutAsync(Instance instance, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken) => Task.FromResult(false);
}
