namespace JobPipeline.Workflows.Machine;

/// <summary>What a timer is for.</summary>
public enum TimerPurpose
{
    /// <summary>An attempt is due: after a backoff, or because it was told to wait.</summary>
    Start,

    /// <summary>An attempt, or a wait for an event, has taken too long.</summary>
    Timeout,

    /// <summary>A delay is over.</summary>
    Delay,
}
