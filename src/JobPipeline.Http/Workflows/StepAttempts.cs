using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>The attempts of a step that are known: those in hand, the last one, and the last one to undo it.</summary>
internal static class StepAttempts
{
    /// <summary>Most items of a fan-out that are shown.</summary>
    public const int MaxItems = 20;

    /// <summary>The current attempt, or the last one; of a fan-out the one whose failure failed it. Null: none was sent yet.</summary>
    public static StepAttemptView? Last(WorkflowInstance instance, WorkflowStep step, StepState state) =>
        state.Sent is { } sent
            ? Of(instance, step, new StepRun(step.Id, sent.Attempt, sent.Item, false, sent.Generation), sent.At, dueAt: null)
            : null;

    /// <summary>
    /// The items of a fan-out that run or wait for their next attempt; those that run in slices of their own are not known here.
    /// </summary>
    public static IReadOnlyList<StepAttemptView> Items(WorkflowInstance instance, WorkflowStep step, StepState state) =>
    [
        .. state.Slots.Where(slot => slot is { Item: not null, Count: 0, SentAt: not null }).Take(MaxItems).Select(slot => Of(
            instance,
            step,
            new StepRun(step.Id, slot.Attempt, slot.Item, false, instance.State.Generation),
            slot.SentAt!.Value,
            slot.StartAt)),
    ];

    /// <summary>Null: nothing has been done to undo it.</summary>
    public static StepCompensationView? Compensation(WorkflowInstance instance, WorkflowStep step, StepState state)
    {
        if (state.UndoSent is not { } sent || step.Compensate is not { } undo)
            return null;
        var job = StepOrder.IdOf(instance.Id, new StepRun(step.Id, sent.Attempt, null, true, sent.Generation), sent.At);
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
        var id = StepOrder.IdOf(instance.Id, run, at);
        var isChild = (step.Action as ForEachAction)?.Each is ChildAction || step.Action is ChildAction;
        return new StepAttemptView(run.Attempt, run.Item, isChild ? null : id, isChild ? id.ToString() : null, dueAt);
    }
}

/// <summary>An attempt of a step: the job that it is, or the child.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Item">The place in the fan-out's list; absent outside of one.</param>
/// <param name="JobId">The job: <c>GET /api/jobs/{id}</c>.</param>
/// <param name="ChildInstanceId">The child: <c>GET /api/workflows/{id}</c>.</param>
/// <param name="DueAt">When it starts; absent once it has been sent.</param>
public sealed record StepAttemptView(int Attempt, int? Item, JobId? JobId, string? ChildInstanceId, DateTimeOffset? DueAt);

/// <summary>What undoes a step.</summary>
/// <param name="Type">The job's type.</param>
/// <param name="JobId">The job of the last attempt.</param>
/// <param name="Location">Where to look at it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempt">Which attempt that is, from 1.</param>
public sealed record StepCompensationView(string Type, JobId JobId, string Location, StepCompensationState State, int Attempt);

/// <summary>How far the undoing of a step is.</summary>
public enum StepCompensationState
{
    Running,
    Succeeded,
    Failed,
}
