namespace JobPipeline.Workflows.Definitions;

/// <summary>A step of a workflow: its action and the steps that it depends on.</summary>
/// <param name="Id">
/// The id, unique within the workflow: letters, digits and '_', beginning with a letter, at most 60 characters.
/// </param>
/// <param name="Action">The action that the step performs.</param>
internal sealed record WorkflowStep(string Id, StepAction Action)
{
    /// <summary>The steps that must be done before this one starts.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>When the step runs, once the steps that it needs are done. The default is when all of them succeeded.</summary>
    public TriggerRule When { get; init; }

    /// <summary>The retry policy. The default is no retries.</summary>
    public StepRetry Retry { get; init; } = StepRetry.Once;

    /// <summary>
    /// The time limit of one step attempt, from when it is sent until its result is recorded; time in a queue counts. Null
    /// applies only the time limit of the job type.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The job that compensates the step when the workflow fails or is cancelled after the step succeeded; null for no
    /// compensation.
    /// </summary>
    public JobAction? Compensate { get; init; }
}
