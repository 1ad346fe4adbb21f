namespace JobPipeline.Workflows.Machine;

/// <summary>Specifies the purpose of a timer.</summary>
internal enum TimerPurpose
{
    /// <summary>Starts an attempt, after a backoff or a deferral.</summary>
    Start,

    /// <summary>Times out an attempt, or a step that waits for an event.</summary>
    Timeout,

    /// <summary>Ends a delay.</summary>
    Delay,
}
