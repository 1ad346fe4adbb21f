using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Limits.Pauses;

/// <summary>Settings of pauses: configuration section <c>JobPipeline:Pauses</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class PauseOptions
{
    public const string Section = "JobPipeline:Pauses";

    /// <summary>How often an instance looks for pauses that others have made or lifted: one query each. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the message of a paused job is hidden before it asks again, and so the longest that it waits after a resume.
    /// Each time costs a receive and an update. Default 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);
}
