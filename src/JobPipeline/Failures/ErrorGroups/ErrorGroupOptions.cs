using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Settings of error groups: configuration section <c>JobPipeline:Errors</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class ErrorGroupOptions
{
    public const string Section = "JobPipeline:Errors";

    /// <summary>
    /// Gets or sets how often an instance writes the failures it has counted: one operation per group. A recount finds those that a
    /// crashed instance had not written. The default is 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets the maximum number of groups that an instance counts separately at a time; failures of further groups are counted
    /// by job type only. The default is 200.
    /// </summary>
    [Range(10, 10_000)]
    public int MaxPending { get; set; } = 200;
}
