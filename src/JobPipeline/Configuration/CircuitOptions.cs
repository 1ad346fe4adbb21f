using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Configuration;

/// <summary>Settings of a circuit: configuration section <c>JobPipeline:Circuits:{name}</c>.</summary>
public sealed class CircuitOptions
{
    /// <summary>
    /// The share of failed attempts within <see cref="SamplingDuration"/> at which the circuit opens. The default is 0.5.
    /// </summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>
    /// The number of attempts within <see cref="SamplingDuration"/> below which the circuit stays closed. The default is 10.
    /// </summary>
    [Range(2, 100_000)]
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>The time over which attempts are counted. The default is 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the circuit stays open before one attempt runs as a trial call. The default is 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "1.00:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);
}
