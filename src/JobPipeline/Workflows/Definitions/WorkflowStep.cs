namespace JobPipeline.Workflows.Definitions;

/// <summary>One step: what it does, and what it waits for.</summary>
/// <param name="Id">Its name within the workflow: letters, digits and '_', beginning with a letter, at most 60.</param>
/// <param name="Action">What it does.</param>
public sealed record WorkflowStep(string Id, StepAction Action)
{
    /// <summary>The steps that have to be done before.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>When it runs, once what it needs is done. Default: when all of that succeeded.</summary>
    public TriggerRule When { get; init; }

    /// <summary>How often and when it is tried again. Default: once.</summary>
    public StepRetry Retry { get; init; } = StepRetry.Once;

    /// <summary>
    /// Time limit of one attempt, from when it is sent on its way to when its result is in; waiting in a queue counts.
    /// Null: the job type's own limit alone.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The job that undoes it, when the workflow fails or is cancelled after it succeeded. Null: nothing is to be undone.</summary>
    public JobAction? Compensate { get; init; }
}
