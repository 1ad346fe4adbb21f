using JobPipeline.Failures.Fingerprints;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Failures with the same cause, by <see cref="ErrorFingerprint"/>: their number, times, releases, and the newest of them. A value:
/// <see cref="ErrorGroupRules"/> changes it, <see cref="IErrorGroupStore"/> stores it.
/// </summary>
public sealed record ErrorGroup
{
    /// <summary>The number of days that are counted separately.</summary>
    public const int MaxDays = 30;

    /// <summary>The maximum number of job types listed.</summary>
    public const int MaxJobTypes = 20;

    /// <summary>The maximum number of samples kept.</summary>
    public const int MaxSamples = 10;

    /// <summary>
    /// The maximum number of instances whose last batch is known. Beyond it, a batch of another instance whose response was lost may
    /// be counted twice.
    /// </summary>
    public const int MaxBatches = 100;

    /// <summary>The id: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The title: the exception's type and the shape of its message.</summary>
    public required string Title { get; init; }

    /// <summary>The full name of the exception's type, or the dead-letter reason if no code ran.</summary>
    public required string ExceptionType { get; init; }

    /// <summary>The job types it was seen in; types that come from a sender are not listed.</summary>
    public IReadOnlyList<string> JobTypes { get; init; } = [];

    public ErrorGroupState State { get; init; }

    /// <summary>The number of failures since the first one.</summary>
    public required long Count { get; init; }

    /// <summary>The failures by day, newest first; days without failures are omitted.</summary>
    public IReadOnlyList<ErrorDay> Days { get; init; } = [];

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The release it was first seen in.</summary>
    public required string FirstRelease { get; init; }

    /// <summary>The latest release it was seen in.</summary>
    public required string LastRelease { get; init; }

    /// <summary>The release that fixes it; null if it was never resolved.</summary>
    public string? ResolvedIn { get; init; }

    /// <summary>When it recurred after it was resolved; null if it has not recurred, or was triaged since.</summary>
    public DateTimeOffset? RegressedAt { get; init; }

    /// <summary>The newest failures, newest first.</summary>
    public IReadOnlyList<ErrorSample> Samples { get; init; } = [];

    /// <summary>The last counted batch of each instance, newest last, so that no batch is counted twice.</summary>
    public IReadOnlyList<ErrorBatchId> Batches { get; init; } = [];

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>Returns whether the text has the form of a group id.</summary>
    public static bool IsId(string text) => ErrorFingerprint.IsId(text);

    public bool IsRegression => State == ErrorGroupState.Open && RegressedAt is not null;
}

/// <summary>The failures of one day, by UTC.</summary>
public sealed record ErrorDay(DateOnly Day, long Count);

/// <summary>One failure of a group.</summary>
/// <param name="Job">The job; the dead letter's id if the message never became a job.</param>
/// <param name="Attempt">The attempt; 0 if the message never became a job.</param>
/// <param name="At">When the failure occurred.</param>
/// <param name="Message">The error's message, cut to <see cref="MaxMessageChars"/> characters.</param>
public sealed record ErrorSample(Jobs.JobId Job, int Attempt, DateTimeOffset At, string Message)
{
    public const int MaxMessageChars = 300;
}

/// <summary>The id of one batch of failures.</summary>
/// <param name="Instance">A short name of the instance.</param>
/// <param name="Sequence">A number that grows with each batch of the instance.</param>
public sealed record ErrorBatchId(string Instance, long Sequence);
