using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Settings of the resource governor: configuration section <c>JobPipeline:Governor</c>. Durations are written as <c>hh:mm:ss</c>.
/// </summary>
public sealed class GovernorOptions
{
    public const string Section = "JobPipeline:Governor";

    /// <summary>
    /// Gets or sets whether the number of jobs that an instance starts follows its memory, and the declared memory of job types counts.
    /// The default is <c>true</c>.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Gets or sets the used share of the memory from which fewer jobs are started. More are started again 10 points below it. Jobs that
    /// declare their memory may together use this share of what the process does not need for itself. The default is 0.85.
    /// </summary>
    [Range(0.2, 0.98)]
    public double MemoryThreshold { get; set; } = 0.85;

    /// <summary>
    /// Gets or sets the share of scheduling periods in which the container used up its processor quota, from which fewer jobs are started.
    /// The default is none: a busy processor alone is no reason to start fewer jobs.
    /// </summary>
    [Range(0.01, 1.0)]
    public double? CpuThreshold { get; set; }

    /// <summary>
    /// Gets or sets the used share of the memory from which no job is started. Must be above <see cref="MemoryThreshold"/>. The default is
    /// 0.92.
    /// </summary>
    [Range(0.21, 0.99)]
    public double CloseAt { get; set; } = 0.92;

    /// <summary>Gets or sets the interval at which memory is measured. The default is 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the memory to leave to other processes of the container, in bytes: it is taken off the limit. The default is 0.
    /// </summary>
    [Range(typeof(long), "0", "70368744177664")]
    public long ReserveBytes { get; set; }
}
