using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Maintenance;

/// <summary>
/// The settings of maintenance: configuration section <c>JobPipeline:Housekeeping</c>. Durations are written as <c>[d.]hh:mm:ss</c>.
/// </summary>
public sealed class MaintenanceOptions
{
    public const string Section = "JobPipeline:Housekeeping";

    /// <summary>
    /// Gets or sets how often an instance checks for lost instances: one query, or one per lease while no other instance runs. The
    /// default is 15 seconds, randomised by 10 percent; the maximum is 2 minutes, because an alert fires when maintenance has not run
    /// for 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:02:00")]
    public TimeSpan RescueInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets how often ended jobs past their retention are removed, by one of all instances. The default is 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how often overdue jobs are searched for, by one of all instances. The default is 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OverdueInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long before the head of its queue a job must have been due to count as overdue. The default is 15 minutes,
    /// which is longer than any host hides a message.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan OverdueMargin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Gets or sets the maximum number of steps of a sweep in one run; if there is more to do, the next run follows at once. The
    /// default is 20.
    /// </summary>
    [Range(1, 1000)]
    public int StepsPerRun { get; set; } = 20;

    /// <summary>
    /// Gets or sets the maximum number of jobs, blobs or dead letters that one step of a sweep checks. The default is 500.
    /// </summary>
    [Range(1, 5000)]
    public int StepSize { get; set; } = 500;
}
