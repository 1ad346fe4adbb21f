using JobPipeline.Execution.Verdicts;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Purges instances that ended longer ago than they are kept, by the day of their creation. The purge is the runtime's: on
/// Durable Functions it removes the orchestration as well.
/// </summary>
internal sealed class WorkflowSweep(IWorkflowStore store, Lazy<IWorkflowRuntime> workflows, FaultRules faults, TimeSpan retention, ILogger logger) : IRetentionSweep
{
    public string Kind => "workflows";

    public int Order => 3;

    /// <summary>Lists are newest first. A host runs the housekeeping from its first minute on: no instance is older than the first run.</summary>
    public Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateOnly?>(null);

    public async Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var ours = step with { Over = step.Now - retention };
        var from = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var page = await store.ListAsync(new WorkflowFilter(From: from, To: from.AddDays(1)), position, Math.Min(step.Size, IWorkflowStore.MaxLimit), cancellationToken);
        var (removed, lookAgainAt) = (0, default(DateTimeOffset?));
        foreach (var listed in page.Instances)
        {
            var (isRemoved, at) = await TryLookAtAsync(listed, ours, cancellationToken);
            removed += isRemoved ? 1 : 0;
            lookAgainAt = lookAgainAt is null || at < lookAgainAt ? at ?? lookAgainAt : lookAgainAt;
        }

        return new SweepResult(removed, page.Next, lookAgainAt);
    }

    /// <summary>One that can't be read or removed must not keep the rest of the day, and all that comes after it, from being removed.</summary>
    private async Task<(bool Removed, DateTimeOffset? LookAgainAt)> TryLookAtAsync(WorkflowSummary listed, SweepStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAtAsync(listed, step, cancellationToken);
        }
        catch (Exception e) when (faults.Of(e) != FaultKind.Outage)
        {
            HousekeepingLog.NotRemoved(logger, e, Kind, listed.Id);
            return (false, step.Now);
        }
    }

    private async Task<(bool Removed, DateTimeOffset? LookAgainAt)> LookAtAsync(WorkflowSummary listed, SweepStep step, CancellationToken cancellationToken)
    {
        // What has ended stays as it is, unless it is run again: only what may be over is worth a look at itself.
        if (listed.Status.IsTerminal() && RetentionRules.LookAgainAtWorkflow(listed, step) is { } young)
            return (false, young);
        if (await store.ReadAsync(listed.Id, cancellationToken) is not { } instance || instance.State.CreatedAt != listed.CreatedAt)
        {
            await store.RemoveListingAsync(listed, cancellationToken);
            return (false, null);
        }

        if (RetentionRules.LookAgainAtWorkflow(WorkflowSummary.Of(instance), step) is { } later)
            return (false, later);
        return await workflows.Value.PurgeAsync(listed.Id, cancellationToken) ? (true, null) : (false, step.Now);
    }
}
