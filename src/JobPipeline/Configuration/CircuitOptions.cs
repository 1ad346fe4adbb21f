using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Configuration;

/// <summary>When a circuit opens, and for how long: configuration section <c>JobPipeline:Circuits:{name}</c>.</summary>
public sealed class CircuitOptions
{
    /// <summary>It opens when this part of the attempts within <see cref="SamplingDuration"/> failed. Default 0.5.</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>With fewer attempts than this in that time it stays closed. Default 10.</summary>
    [Range(2, 100_000)]
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>The time over which attempts are counted. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before one attempt is let through to try. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "1.00:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);
}
