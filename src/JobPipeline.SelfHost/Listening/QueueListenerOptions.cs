using System.ComponentModel.DataAnnotations;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Settings of the queue listener: configuration section <c>JobPipeline:Listener</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class QueueListenerOptions
{
    public const string Section = "JobPipeline:Listener";

    /// <summary>Messages worked on at a time, over all lanes. Default 32.</summary>
    [Range(1, 1000)]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>Messages fetched at once. Default 32, the most that the service gives. Lower it for long jobs: what waits here is hidden from other instances.</summary>
    [Range(1, 32)]
    public int BatchSize { get; set; } = 32;

    /// <summary>The next batch of a lane is fetched when no more than this many of its messages wait for a free slot. Default 16.</summary>
    [Range(0, 320)]
    public int NewBatchThreshold { get; set; } = 16;

    /// <summary>Longest pause between two looks at an empty queue; the pause doubles from 50 ms up to it. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan MaxPollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of <c>jobs-high</c> while all lanes have messages. Default 6.</summary>
    [Range(1, 100)]
    public int HighWeight { get; set; } = 6;

    /// <summary>Share of <c>jobs</c> while all lanes have messages. Default 3.</summary>
    [Range(1, 100)]
    public int NormalWeight { get; set; } = 3;

    /// <summary>Share of <c>jobs-low</c> while all lanes have messages. Default 1: low waits, but never starves.</summary>
    [Range(1, 100)]
    public int LowWeight { get; set; } = 1;

    /// <summary>Pause between two looks at the poison queues, which only a Functions host fills. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PoisonPollInterval { get; set; } = TimeSpan.FromSeconds(30);
}
