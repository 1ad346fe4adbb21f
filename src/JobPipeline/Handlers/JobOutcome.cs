namespace JobPipeline.Handlers;

/// <summary>How a handler ended: a closed set. No outcome at all counts as a failure.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>Done; <paramref name="Result"/> is serialised to JSON and kept on the record.</summary>
    public sealed record Succeeded(object? Result) : JobOutcome;

    /// <summary>Not now: run again after <paramref name="Delay"/>, with no attempt used.</summary>
    public sealed record Snoozed(TimeSpan Delay, string? Why) : JobOutcome;

    /// <summary>Called off by the handler itself; terminal.</summary>
    public sealed record CalledOff(string Reason) : JobOutcome;

    /// <summary>Failed; classified like any exception.</summary>
    public sealed record Failed(Exception Error) : JobOutcome;

    private static readonly Succeeded Done = new(null);

    public static JobOutcome Success(object? result = null) => result is null ? Done : new Succeeded(result);

    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public static JobOutcome Snooze(TimeSpan delay, string? why = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new Snoozed(delay, why);
    }

    public static JobOutcome Cancel(string reason) => new CalledOff(reason);

    public static JobOutcome Failure(Exception error) => new Failed(error);
}

/// <summary>The outcome of a handler that returns a <typeparamref name="TResult"/>: return the result itself, or any <see cref="JobOutcome"/>.</summary>
public sealed class JobOutcome<TResult>
{
    private JobOutcome(JobOutcome outcome) => Outcome = outcome;

    internal JobOutcome Outcome { get; }

    public static implicit operator JobOutcome<TResult>(TResult result) => new(JobOutcome.Success(result));

    public static implicit operator JobOutcome<TResult>(JobOutcome outcome) => new(outcome);
}
