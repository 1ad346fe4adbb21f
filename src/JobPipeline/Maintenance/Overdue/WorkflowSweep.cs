using JobPipeline.Execution.Verdicts;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Purges workflow instances that ended longer ago than their retention, by the day of their creation. The runtime performs the
/// purge: on Durable Functions it also removes the orchestration.
/// </summary>
internal sealed class WorkflowSweep(
    IWorkflowStore store, Lazy<IWorkflowRuntime> workflows, FaultRules errors, TimeSpan retention, ILogger logger)
    : IRetentionSweep
{
    public string Kind => "workflows";

    public int Order => 3;

    /// <summary>
    /// Returns null, because lists are newest first. A host runs maintenance from its first minute on, so no workflow instance is
    /// older than the first run.
    /// </summary>
    public Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateOnly?>(null);

    public async Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var ours = step with { Over = step.Now - retention };
        var from = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var filter = new WorkflowFilter(From: from, To: from.AddDays(1));
        var page = await store.ListAsync(filter, position, Math.Min(step.Size, IWorkflowStore.MaxLimit), cancellationToken);
        var (removed, lookAgainAt) = (0, default(DateTimeOffset?));
        foreach (var listed in page.Instances)
        {
            var (isRemoved, at) = await TryCheckAsync(listed, ours, cancellationToken);
            removed += isRemoved ? 1 : 0;
            lookAgainAt = lookAgainAt is null || at < lookAgainAt ? at ?? lookAgainAt : lookAgainAt;
        }

        return new SweepResult(removed, page.Next, lookAgainAt);
    }

    /// <summary>
    /// Checks one workflow instance. One that can't be read or removed must not prevent the rest of the day, and later days, from
    /// being removed.
    /// </summary>
    private async Task<(bool Removed, DateTimeOffset? LookAgainAt)> TryCheckAsync(
        WorkflowSummary listed, SweepStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(listed, step, cancellationToken);
        }
        catch (Exception e) when (errors.Of(e) != FaultKind.Outage)
        {
            MaintenanceLog.NotRemoved(logger, e, Kind, listed.Id);
            return (false, step.Now);
        }
    }

    private async Task<(bool Removed, DateTimeOffset? LookAgainAt)> CheckAsync(
        WorkflowSummary listed, SweepStep step, CancellationToken cancellationToken)
    {
        // An ended workflow instance does not change unless it is rerun, so only one that may be past its retention is read.
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
