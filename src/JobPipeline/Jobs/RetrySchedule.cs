namespace JobPipeline.Jobs;

/// <summary>
/// When to try again. By default exponential backoff with full jitter, <c>uniform(0, min(cap, base · 2^(attempt−1)))</c>
/// (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). The draw is a hash of job and attempt:
/// spread over jobs like a random one, and the same whenever it is computed again. The other kinds draw nothing.
/// </summary>
/// <param name="Base">Upper bound of the first backoff, or the wait that the linear and the fixed kind are made of.</param>
/// <param name="Cap">Upper bound of every backoff but a listed one.</param>
public sealed record RetrySchedule(TimeSpan Base, TimeSpan Cap)
{
    /// <summary>Most waits in a list.</summary>
    public const int MaxDelays = 20;

    /// <summary>Longest wait of any kind: a message can be hidden for no longer at a time.</summary>
    public static readonly TimeSpan MaxDelay = JobLimits.MaxHop;

    public BackoffKind Kind { get; init; }

    /// <summary>The waits of a listed backoff; at least one then.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>The longest the wait after the failed attempt can be.</summary>
    public TimeSpan CeilingAfter(int attempt)
    {
        var failures = Math.Max(1, attempt);
        return Kind switch
        {
            BackoffKind.Listed => Delays[Math.Min(failures, Delays.Count) - 1],
            BackoffKind.Fixed => Capped(Base.TotalMilliseconds),
            BackoffKind.Linear => Capped(Base.TotalMilliseconds * failures),
            _ => Capped(Base.TotalMilliseconds * Math.Pow(2, failures - 1)),
        };
    }

    /// <summary>The wait after the failed attempt.</summary>
    public TimeSpan DelayAfter(int attempt, JobId job) =>
        Kind == BackoffKind.Exponential ? CeilingAfter(attempt) * Jitter.Of(job, attempt) : CeilingAfter(attempt);

    /// <summary>The same for what is no job but has a name.</summary>
    public TimeSpan DelayAfter(int attempt, string name) =>
        Kind == BackoffKind.Exponential ? CeilingAfter(attempt) * Jitter.Of(name, attempt) : CeilingAfter(attempt);

    /// <summary>What a message asks for, over what the type has.</summary>
    public RetrySchedule With(BackoffOverride? wanted) => wanted is null ? this : this with
    {
        Base = wanted.Base ?? Base,
        Cap = wanted.Cap ?? Cap,
        Delays = wanted.Delays ?? Delays,
        Kind = wanted.Delays is not null ? BackoffKind.Listed : wanted.Kind ?? Kind,
    };

    private TimeSpan Capped(double milliseconds) => milliseconds < Cap.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Cap;
}
