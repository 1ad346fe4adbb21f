using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Limits.Pauses;

/// <summary>Settings of pauses: configuration section <c>JobPipeline:Pauses</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class PauseOptions
{
    public const string Section = "JobPipeline:Pauses";

    /// <summary>
    /// The interval at which an instance reads the pauses, one query each time, to see the changes of other instances. The
    /// default is 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the message of a paused job is hidden before the pause is checked again, and so the longest delay after a resume.
    /// Each check costs a receive and an update. The default is 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);
}
