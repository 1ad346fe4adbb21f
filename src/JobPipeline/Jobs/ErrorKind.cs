namespace JobPipeline.Jobs;

/// <summary>What a failure means for the job.</summary>
public enum ErrorKind
{
    /// <summary>Trying again can't help: dead letter at once.</summary>
    Permanent,

    /// <summary>May pass: retry with backoff.</summary>
    Transient,

    /// <summary>Asked to come back later: deferred, no attempt used.</summary>
    Throttled,

    /// <summary>The attempt's time limit passed: retried like a transient failure.</summary>
    Timeout,

    /// <summary>The host is stopping: returned to the queue, no attempt used.</summary>
    HostStopping,

    /// <summary>Someone cancelled the job.</summary>
    Cancelled,

    /// <summary>Another worker holds the job by now: this one's outcome counts for nothing.</summary>
    LeaseLost,
}
