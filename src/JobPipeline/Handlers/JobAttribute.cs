using JobPipeline.Configuration;
using JobPipeline.Jobs;

namespace JobPipeline.Handlers;

/// <summary>
/// Names the job type that a handler runs and its default policies. Each can be overridden per type in configuration
/// (<c>JobPipeline:Jobs:{type}:…</c>), and some per message within bounds. Durations are written as <c>hh:mm:ss</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class JobAttribute(string type) : Attribute
{
    /// <summary>The job type.</summary>
    public string Type { get; } = type;

    /// <inheritdoc cref="JobTypeOptions.MaxAttempts"/>
    public int MaxAttempts { get; set; } = 5;

    /// <inheritdoc cref="JobTypeOptions.Timeout"/>
    public string Timeout { get; set; } = "00:05:00";

    /// <inheritdoc cref="JobTypeOptions.Queue"/>
    public string Queue { get; set; } = "jobs";

    /// <inheritdoc cref="JobTypeOptions.Backoff"/>
    public BackoffKind Backoff { get; set; }

    /// <inheritdoc cref="JobTypeOptions.BackoffBase"/>
    public string BackoffBase { get; set; } = "00:00:05";

    /// <inheritdoc cref="JobTypeOptions.BackoffCap"/>
    public string BackoffCap { get; set; } = "00:10:00";

    /// <inheritdoc cref="JobTypeOptions.BackoffDelays"/>
    public string[]? BackoffDelays { get; set; }

    /// <inheritdoc cref="JobTypeOptions.Circuit"/>
    public string? Circuit { get; set; }

    /// <inheritdoc cref="JobTypeOptions.OnDeadLetter"/>
    public string? OnDeadLetter { get; set; }

    /// <inheritdoc cref="JobTypeOptions.ExpectedDuration"/>
    public string? ExpectedDuration { get; set; }

    /// <inheritdoc cref="JobTypeOptions.TargetDuration"/>
    public string? TargetDuration { get; set; }
}
