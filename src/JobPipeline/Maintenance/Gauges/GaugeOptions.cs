using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>
/// The settings of gauges that are measured by reading storage: configuration section <c>JobPipeline:Gauges</c>. Durations are
/// written as <c>[d.]hh:mm:ss</c>.
/// </summary>
public sealed class GaugeOptions
{
    public const string Section = "JobPipeline:Gauges";

    /// <summary>
    /// Gets or sets how often the queues and the next open workflow instances are measured: up to 15 storage operations. The default
    /// is 30 seconds; a host that runs maintenance less often measures with it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets after what time without progress a workflow instance counts as stuck, if it waits neither for an event nor for a
    /// time. The default is 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromHours(1);
}
