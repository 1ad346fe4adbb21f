using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Maintenance;

/// <summary>Settings of the housekeeping: configuration section <c>JobPipeline:Housekeeping</c>. Durations are written as <c>[d.]hh:mm:ss</c>.</summary>
public sealed class HousekeepingOptions
{
    public const string Section = "JobPipeline:Housekeeping";

    /// <summary>
    /// How often an instance looks for others that died: one query. Default 15 seconds, a tenth more or less; at most 2 minutes,
    /// for an alert takes a housekeeping that was not seen for 5 for dead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:02:00")]
    public TimeSpan RescueInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often ended jobs that are over their retention are removed, by one instance of all. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often jobs are looked for that should have been seen by now and were not, by one instance of all. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OverdueInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long before the head of its lane a job must have been due to count as overdue. Default 15 minutes: longer than any
    /// host hides a message.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan OverdueMargin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Steps of a sweep in one run; when there is more to do, the next run follows at once. Default 20.</summary>
    [Range(1, 1000)]
    public int StepsPerRun { get; set; } = 20;

    /// <summary>Jobs, blobs or dead letters that one step of a sweep looks at. Default 500.</summary>
    [Range(1, 5000)]
    public int StepSize { get; set; } = 500;
}
