using System.ComponentModel.DataAnnotations;
using JobPipeline.Jobs;

namespace JobPipeline.Configuration;

/// <summary>Overrides of a handler's <see cref="Handlers.JobAttribute"/>; a null property keeps the attribute's value.</summary>
public sealed class JobTypeOptions
{
    /// <inheritdoc cref="Handlers.JobAttribute.Queue"/>
    public string? Queue { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.MaxAttempts"/>
    [Range(1, JobLimits.MaxAttempts)]
    public int? MaxAttempts { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.Timeout"/>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.BackoffBase"/>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? BackoffBase { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.BackoffCap"/>
    [Range(typeof(TimeSpan), "00:00:00.001", "6.00:00:00")]
    public TimeSpan? BackoffCap { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.Backoff"/>
    public BackoffKind? Backoff { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.BackoffDelays"/>
    [Length(1, RetrySchedule.MaxDelays)]
    public IList<TimeSpan>? BackoffDelays { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.Circuit"/>
    public string? Circuit { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.OnDeadLetter"/>
    public string? OnDeadLetter { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.ExpectedDuration"/>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? ExpectedDuration { get; set; }

    /// <inheritdoc cref="Handlers.JobAttribute.TargetDuration"/>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? TargetDuration { get; set; }
}
