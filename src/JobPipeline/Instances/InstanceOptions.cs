using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Instances;

/// <summary>
/// The settings of the instance heartbeat: configuration section <c>JobPipeline:Instances</c>. Durations are written as
/// <c>hh:mm:ss</c>.
/// </summary>
public sealed class InstanceOptions
{
    public const string Section = "JobPipeline:Instances";

    /// <summary>
    /// Gets or sets the heartbeat interval; each heartbeat is one write. The default is 10 seconds. It must be the same on all
    /// instances.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the number of missed heartbeats after which an instance is considered lost, though never sooner than a lease and
    /// a heartbeat interval after its last heartbeat. The default is 4.
    /// </summary>
    [Range(2, 100)]
    public int MissedBeats { get; set; } = 4;

    /// <summary>Gets or sets how long the row of an instance that is gone is kept for inspection. The default is 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepGone { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Returns the age of the last heartbeat from which on an instance is considered lost.</summary>
    internal TimeSpan SilenceOf(TimeSpan lease) =>
        BeatInterval * MissedBeats is var missed && missed > lease + BeatInterval ? missed : lease + BeatInterval;
}
