using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Configuration;

/// <summary>
/// Settings of faults made on purpose, to see in staging that jobs survive them: configuration section
/// <c>JobPipeline:Chaos</c>. Rates are shares from 0 (never, the default) to 1 (always). They work only where
/// <see cref="Enabled"/> is set, and the start then says so in a warning. A disturbed call is one try of the storage
/// client, below its own retries: where a connection breaks in earnest, and where a repeated write meets what its first try wrote.
/// </summary>
public sealed class ChaosOptions
{
    public const string Section = "JobPipeline:Chaos";

    /// <summary>Turns it on. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Share of storage calls that go out late.</summary>
    [Range(0.0, 1.0)]
    public double LatencyRate { get; set; }

    /// <summary>How late. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Share of storage calls that fail before they go out.</summary>
    [Range(0.0, 1.0)]
    public double FaultRate { get; set; }

    /// <summary>Share of storage calls that take effect and whose answer is lost.</summary>
    [Range(0.0, 1.0)]
    public double LostAnswerRate { get; set; }

    /// <summary>
    /// How often the storage client tries again by itself. Default: as it does without chaos, which hides most faults from
    /// the pipeline. With 0 every one of them reaches it.
    /// </summary>
    [Range(0, 10)]
    public int? MaxRetries { get; set; }

    /// <summary>Share of attempts that fail in the place of their handler.</summary>
    [Range(0.0, 1.0)]
    public double HandlerFaultRate { get; set; }
}
