using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>Settings of what is measured by looking at the storage: configuration section <c>JobPipeline:Gauges</c>. Durations are written as <c>[d.]hh:mm:ss</c>.</summary>
public sealed class GaugeOptions
{
    public const string Section = "JobPipeline:Gauges";

    /// <summary>
    /// How often the lanes are looked at, and the next open workflows: up to 15 storage operations. Default 30 seconds; a host
    /// whose housekeeping runs less often measures with it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A workflow that has not moved for so long, and waits neither for an event nor for a time, counts as stuck. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromHours(1);
}
