namespace JobPipeline.Limits.Pauses;

/// <summary>The kinds of targets that can be paused.</summary>
public enum PauseTarget
{
    /// <summary>One of the priority queues (<see cref="Jobs.PriorityQueues"/>).</summary>
    Queue,

    /// <summary>All jobs of one type, in any queue.</summary>
    JobType,
}

/// <summary>A paused queue or job type: none of its jobs are started until it is resumed.</summary>
/// <param name="Target">The kind of target.</param>
/// <param name="Name">The name of the queue or job type.</param>
/// <param name="Since">When the target was paused.</param>
/// <param name="By">Who paused the target.</param>
/// <param name="Reason">The reason given; null when none was given.</param>
public sealed record Pause(PauseTarget Target, string Name, DateTimeOffset Since, string By, string? Reason = null)
{
    /// <summary>The maximum length of a reason, in characters.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>Returns a human-readable answer to "why isn't it running?".</summary>
    public override string ToString() =>
        $"{(Target == PauseTarget.Queue ? "queue" : "job type")} '{Name}' was paused at {Since:u} by {By}"
            + (Reason is null ? "" : $": {Reason}");
}
