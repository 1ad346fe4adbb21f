namespace JobPipeline.Handlers;

/// <summary>The outcome of a handler: a closed set. Returning no outcome counts as a failure.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>The handler succeeded; <paramref name="Result"/> is serialized to JSON and stored on the record.</summary>
    public sealed record Succeeded(object? Result) : JobOutcome;

    /// <summary>The handler requests to run again after <paramref name="Delay"/>, without using an attempt.</summary>
    public sealed record Snoozed(TimeSpan Delay, string? Why) : JobOutcome;

    /// <summary>The handler cancelled the job; terminal.</summary>
    public sealed record Cancelled(string Reason) : JobOutcome;

    /// <summary>The handler failed; the error is classified like any exception.</summary>
    public sealed record Failed(Exception Error) : JobOutcome;

    private static readonly Succeeded Done = new(null);

    public static JobOutcome Success(object? result = null) => result is null ? Done : new Succeeded(result);

    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public static JobOutcome Snooze(TimeSpan delay, string? why = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new Snoozed(delay, why);
    }

    public static JobOutcome Cancel(string reason) => new Cancelled(reason);

    public static JobOutcome Failure(Exception error) => new Failed(error);
}

/// <summary>
/// The outcome of a handler that returns a <typeparamref name="TResult"/>: return the result itself, or any
/// <see cref="JobOutcome"/>.
/// </summary>
public sealed class JobOutcome<TResult>
{
    private JobOutcome(JobOutcome outcome) => Outcome = outcome;

    internal JobOutcome Outcome { get; }

    public static implicit operator JobOutcome<TResult>(TResult result) => new(JobOutcome.Success(result));

    public static implicit operator JobOutcome<TResult>(JobOutcome outcome) => new(outcome);
}
