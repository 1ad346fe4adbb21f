namespace JobPipeline.Workflows.Definitions;

/// <summary>When a step runs, once all that it needs is done; otherwise it is skipped.</summary>
public enum TriggerRule
{
    /// <summary>All of it succeeded.</summary>
    AllSucceeded,

    /// <summary>However it ended.</summary>
    AllDone,

    /// <summary>Something of it failed.</summary>
    AnyFailed,

    /// <summary>However it ended, and also after the workflow was cancelled.</summary>
    Always,
}
