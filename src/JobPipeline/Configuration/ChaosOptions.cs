using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Configuration;

/// <summary>
/// Settings of fault injection, to verify in staging that jobs survive faults: configuration section <c>JobPipeline:Chaos</c>.
/// Rates are shares from 0 (never, the default) to 1 (always). They only have an effect when <see cref="Enabled"/> is set, and a
/// warning at start-up states so. Faults are injected into single tries of the storage client, below its own retries, where real
/// connections break and where a repeated write meets the effect of its first try.
/// </summary>
public sealed class ChaosOptions
{
    public const string Section = "JobPipeline:Chaos";

    /// <summary>Whether faults are injected. The default is false.</summary>
    public bool Enabled { get; set; }

    /// <summary>The share of storage calls that are delayed.</summary>
    [Range(0.0, 1.0)]
    public double LatencyRate { get; set; }

    /// <summary>The delay. The default is 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of storage calls that fail before they are sent.</summary>
    [Range(0.0, 1.0)]
    public double FaultRate { get; set; }

    /// <summary>The share of storage calls that take effect but whose response is lost.</summary>
    [Range(0.0, 1.0)]
    public double LostAnswerRate { get; set; }

    /// <summary>
    /// The number of retries of the storage client. The default is the same as without fault injection, which hides most faults
    /// from the pipeline. With 0, all of them reach it.
    /// </summary>
    [Range(0, 10)]
    public int? MaxRetries { get; set; }

    /// <summary>The share of attempts that fail instead of running their handler.</summary>
    [Range(0.0, 1.0)]
    public double HandlerFaultRate { get; set; }
}
