using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Instances;

/// <summary>Settings of the sign of life that each instance gives: configuration section <c>JobPipeline:Instances</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class InstanceOptions
{
    public const string Section = "JobPipeline:Instances";

    /// <summary>How often an instance says that it lives and what it has in hand: one write. Default 10 seconds. The same on all instances.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Beats that an instance must have missed before it is taken for dead; never sooner than a lease and a beat after its last one. Default 4.</summary>
    [Range(2, 100)]
    public int MissedBeats { get; set; } = 4;

    /// <summary>How long the row of an instance that is gone is kept to be looked at. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepGone { get; set; } = TimeSpan.FromDays(1);

    /// <summary>An instance whose last heartbeat is older than this is taken for dead.</summary>
    internal TimeSpan SilenceOf(TimeSpan lease) =>
        BeatInterval * MissedBeats is var missed && missed > lease + BeatInterval ? missed : lease + BeatInterval;
}
