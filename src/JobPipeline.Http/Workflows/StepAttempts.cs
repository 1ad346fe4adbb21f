using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>Finds the known attempts of a step: those in flight, the last one, and the last compensation attempt.</summary>
internal static class StepAttempts
{
    /// <summary>The maximum number of fan-out items to show.</summary>
    public const int MaxItems = 20;

    /// <summary>Gets the current or last attempt; for a fan-out, the attempt that made it fail. Null if no attempt was sent yet.</summary>
    public static StepAttemptView? Last(WorkflowInstance instance, WorkflowStep step, StepState state) =>
        state.Sent is { } sent
            ? Of(instance, step, new StepRun(step.Id, sent.Attempt, sent.Item, false, sent.Generation), sent.At, dueAt: null)
            : null;

    /// <summary>Gets the items of a fan-out that are running or waiting for their next attempt, except items that run in slices.</summary>
    public static IReadOnlyList<StepAttemptView> Items(WorkflowInstance instance, WorkflowStep step, StepState state) =>
    [
        .. state.Slots.Where(slot => slot is { Item: not null, Count: 0, SentAt: not null }).Take(MaxItems).Select(slot => Of(
            instance,
            step,
            new StepRun(step.Id, slot.Attempt, slot.Item, false, instance.State.Generation),
            slot.SentAt!.Value,
            slot.StartAt)),
    ];

    /// <summary>Gets the compensation of the step, or null if it has not started.</summary>
    public static StepCompensationView? Compensation(WorkflowInstance instance, WorkflowStep step, StepState state)
    {
        if (state.UndoSent is not { } sent || step.Compensate is not { } undo)
            return null;
        var job = StepAttemptInput.IdOf(instance.Id, new StepRun(step.Id, sent.Attempt, null, true, sent.Generation), sent.At);
        var outcome = state.Status switch
        {
            StepStatus.Compensating => StepCompensationState.Running,
            StepStatus.Compensated => StepCompensationState.Succeeded,
            _ => StepCompensationState.Failed,
        };
        return new StepCompensationView(undo.Type, job, ApiRoutes.OfJob(job), outcome, sent.Attempt);
    }

    private static StepAttemptView Of(WorkflowInstance instance, WorkflowStep step, StepRun run, DateTimeOffset at, DateTimeOffset? dueAt)
    {
        var id = StepAttemptInput.IdOf(instance.Id, run, at);
        var isChild = (step.Action as ForEachAction)?.Each is ChildAction || step.Action is ChildAction;
        return new StepAttemptView(run.Attempt, run.Item, isChild ? null : id, isChild ? id.ToString() : null, dueAt);
    }
}

/// <summary>An attempt of a step, which is a job or a child workflow instance.</summary>
/// <param name="Attempt">The attempt number, from 1.</param>
/// <param name="Item">The index of the fan-out item; absent outside a fan-out.</param>
/// <param name="JobId">The job: <c>GET /api/jobs/{id}</c>.</param>
/// <param name="ChildInstanceId">The child workflow instance: <c>GET /api/workflows/{id}</c>.</param>
/// <param name="DueAt">When the attempt will start; absent once it has been sent.</param>
internal sealed record StepAttemptView(int Attempt, int? Item, JobId? JobId, string? ChildInstanceId, DateTimeOffset? DueAt);

/// <summary>The compensation of a step.</summary>
/// <param name="Type">The job type.</param>
/// <param name="JobId">The job of the last attempt.</param>
/// <param name="Location">The path of that job.</param>
/// <param name="State">The state of the compensation.</param>
/// <param name="Attempt">The number of the last attempt, from 1.</param>
internal sealed record StepCompensationView(string Type, JobId JobId, string Location, StepCompensationState State, int Attempt);

/// <summary>The state of a step's compensation.</summary>
internal enum StepCompensationState
{
    Running,
    Succeeded,
    Failed,
}
