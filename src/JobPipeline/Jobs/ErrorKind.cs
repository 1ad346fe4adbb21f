namespace JobPipeline.Jobs;

/// <summary>The consequence of a failure for the job.</summary>
public enum ErrorKind
{
    /// <summary>A retry can't help: the job is dead-lettered at once.</summary>
    Permanent,

    /// <summary>May pass: the job is retried with backoff.</summary>
    Transient,

    /// <summary>A dependency asked to be called later: the job is deferred without using an attempt.</summary>
    Throttled,

    /// <summary>The attempt exceeded its time limit: retried like a transient failure.</summary>
    Timeout,

    /// <summary>The host is stopping: the attempt is released and not counted.</summary>
    HostStopping,

    /// <summary>The job was cancelled.</summary>
    Cancelled,

    /// <summary>Another worker holds the job by now: the result of this attempt is ignored.</summary>
    LeaseLost,
}
