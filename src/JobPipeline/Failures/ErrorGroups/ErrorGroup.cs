using JobPipeline.Failures.Fingerprints;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Failures that are the same bug, by <see cref="ErrorFingerprint"/>: how many, since when, in which releases, and the newest of
/// them. A value: <see cref="ErrorGroupRules"/> changes it, <see cref="IErrorGroupStore"/> keeps it.
/// </summary>
public sealed record ErrorGroup
{
    /// <summary>Days that are counted apart.</summary>
    public const int MaxDays = 30;

    /// <summary>Most job types that are named.</summary>
    public const int MaxJobTypes = 20;

    /// <summary>Most samples that are kept.</summary>
    public const int MaxSamples = 10;

    /// <summary>Most instances whose last batch is known; beyond that, a batch of another one whose answer was lost may count twice.</summary>
    public const int MaxBatches = 100;

    /// <summary>16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>What to call it: the exception's type and the shape of its message.</summary>
    public required string Title { get; init; }

    /// <summary>Full name of the exception's type, or the reason where no code ran.</summary>
    public required string ExceptionType { get; init; }

    /// <summary>The job types it was seen in; none where that is what some sender wrote.</summary>
    public IReadOnlyList<string> JobTypes { get; init; } = [];

    public ErrorGroupState State { get; init; }

    /// <summary>Failures since the first one.</summary>
    public required long Count { get; init; }

    /// <summary>Failures by day, newest first; days without any are left out.</summary>
    public IReadOnlyList<ErrorDay> Days { get; init; } = [];

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The release it was seen in first.</summary>
    public required string FirstRelease { get; init; }

    /// <summary>The latest release it was seen in.</summary>
    public required string LastRelease { get; init; }

    /// <summary>The release that is said to mend it; null before anybody said so.</summary>
    public string? ResolvedIn { get; init; }

    /// <summary>When it came back after it was resolved; null when it did not, or was dealt with since.</summary>
    public DateTimeOffset? RegressedAt { get; init; }

    /// <summary>The newest failures, newest first.</summary>
    public IReadOnlyList<ErrorSample> Samples { get; init; } = [];

    /// <summary>The last batch of each instance that is counted in, so that none is counted twice; the newest last.</summary>
    public IReadOnlyList<ErrorBatchId> Batches { get; init; } = [];

    /// <summary>The store's version of it; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>True for what could be a group's id.</summary>
    public static bool IsId(string text) => ErrorFingerprint.IsId(text);

    public bool IsRegression => State == ErrorGroupState.Open && RegressedAt is not null;
}

/// <summary>Failures of one day, by UTC.</summary>
public sealed record ErrorDay(DateOnly Day, long Count);

/// <summary>One failure of a group.</summary>
/// <param name="Job">The job; where no job came to be, the id of the dead letter.</param>
/// <param name="Attempt">Its attempt; 0 where no job came to be.</param>
/// <param name="At">When.</param>
/// <param name="Message">The error's message, at most <see cref="MaxMessageChars"/> characters of it.</param>
public sealed record ErrorSample(Jobs.JobId Job, int Attempt, DateTimeOffset At, string Message)
{
    public const int MaxMessageChars = 300;
}

/// <summary>Names what one instance added at one time.</summary>
/// <param name="Instance">A short name of the instance.</param>
/// <param name="Sequence">Grows with each batch of the instance.</param>
public sealed record ErrorBatchId(string Instance, long Sequence);
