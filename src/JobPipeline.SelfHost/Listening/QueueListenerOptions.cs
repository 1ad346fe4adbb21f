using System.ComponentModel.DataAnnotations;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Settings of the queue listener, in the configuration section <c>JobPipeline:Listener</c>. Durations have the form
/// <c>hh:mm:ss</c>.
/// </summary>
public sealed class QueueListenerOptions
{
    public const string Section = "JobPipeline:Listener";

    /// <summary>Gets or sets the maximum number of messages processed at a time, over all queues. The default is 32.</summary>
    [Range(1, 1000)]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>
    /// Gets or sets the number of messages fetched at once. The default is 32, the maximum of the service. Lower it for long jobs,
    /// because messages that wait here are hidden from other instances.
    /// </summary>
    [Range(1, 32)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Gets or sets how many messages of a queue may wait for a free slot when the next batch is fetched. The default is 16.
    /// </summary>
    [Range(0, 320)]
    public int NewBatchThreshold { get; set; } = 16;

    /// <summary>
    /// Gets or sets the longest delay between two polls of an empty queue; the delay doubles from 50 ms. The default is 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets the longest delay between two polls of an empty queue after a minute in which this process has neither sent nor
    /// received a message, and so the longest time that a message of another process waits for an idle host. The default is 8
    /// seconds. A value up to <see cref="MaxPollInterval"/> has no effect.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan IdlePollInterval { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets or sets the share of <c>jobs-high</c> while all queues have messages. The default is 6.</summary>
    [Range(1, 100)]
    public int HighWeight { get; set; } = 6;

    /// <summary>Gets or sets the share of <c>jobs</c> while all queues have messages. The default is 3.</summary>
    [Range(1, 100)]
    public int NormalWeight { get; set; } = 3;

    /// <summary>
    /// Gets or sets the share of <c>jobs-low</c> while all queues have messages. The default is 1: it waits, but never starves.
    /// </summary>
    [Range(1, 100)]
    public int LowWeight { get; set; } = 1;

    /// <summary>
    /// Gets or sets the delay between two polls of the poison queues, which only a Functions host fills. The default is 2 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PoisonPollInterval { get; set; } = TimeSpan.FromMinutes(2);
}
