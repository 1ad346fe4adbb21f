namespace JobPipeline.Workflows.Definitions;

/// <summary>Specifies when a step runs, once all the steps that it needs are done. Otherwise, the step is skipped.</summary>
public enum TriggerRule
{
    /// <summary>All of them succeeded.</summary>
    AllSucceeded,

    /// <summary>In any case, whether they succeeded, failed or were skipped.</summary>
    AllDone,

    /// <summary>At least one of them failed.</summary>
    AnyFailed,

    /// <summary>In any case, even after the workflow was cancelled.</summary>
    Always,
}
