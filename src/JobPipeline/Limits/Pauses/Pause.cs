namespace JobPipeline.Limits.Pauses;

/// <summary>What can be paused.</summary>
public enum PauseTarget
{
    /// <summary>One of the <see cref="Jobs.JobLanes"/>.</summary>
    Lane,

    /// <summary>All jobs of one type, in whichever lane they wait.</summary>
    JobType,
}

/// <summary>A lane or a job type of which no job is started until somebody resumes it.</summary>
/// <param name="Target">Whether a lane or a job type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">When it was paused.</param>
/// <param name="By">Who paused it.</param>
/// <param name="Reason">Why, in that person's words; null when nothing was said.</param>
public sealed record Pause(PauseTarget Target, string Name, DateTimeOffset Since, string By, string? Reason = null)
{
    /// <summary>Longest reason that is kept, in characters.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>For people: the answer to "why isn't it running?".</summary>
    public override string ToString() =>
        $"{(Target == PauseTarget.Lane ? "queue" : "job type")} '{Name}' is paused since {Since:u} by {By}{(Reason is null ? "" : $": {Reason}")}";
}
