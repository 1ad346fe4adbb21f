using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>An error group as the API shows it.</summary>
/// <param name="IsRegression">True: it came back after it was resolved.</param>
/// <param name="Days">Failures by day, newest first; days without any are left out. The last 30 days are counted apart.</param>
/// <param name="ResolvedIn">The release that is said to mend it.</param>
/// <param name="Samples">The newest failures, newest first.</param>
public sealed record ErrorGroupView(
    string Id,
    string Title,
    string ExceptionType,
    IReadOnlyList<string> JobTypes,
    ErrorGroupState State,
    bool IsRegression,
    long Count,
    IReadOnlyList<ErrorDay> Days,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt,
    string FirstRelease,
    string LastRelease,
    string? ResolvedIn,
    DateTimeOffset? RegressedAt,
    IReadOnlyList<ErrorSampleView> Samples)
{
    internal static ErrorGroupView Of(ErrorGroup group) => new(
        group.Id,
        group.Title,
        group.ExceptionType,
        group.JobTypes,
        group.State,
        group.IsRegression,
        group.Count,
        group.Days,
        group.FirstSeenAt,
        group.LastSeenAt,
        group.FirstRelease,
        group.LastRelease,
        group.ResolvedIn,
        group.RegressedAt,
        [.. group.Samples.Select(ErrorSampleView.Of)]);
}

/// <summary>One failure of a group.</summary>
/// <param name="Job">The job; where no job came to be, the id of the dead letter.</param>
/// <param name="Location">Where to look at it.</param>
/// <param name="Attempt">Its attempt; absent where no job came to be.</param>
public sealed record ErrorSampleView(JobId Job, string Location, int? Attempt, DateTimeOffset At, string Message)
{
    internal static ErrorSampleView Of(ErrorSample sample) => sample.Attempt > 0
        ? new(sample.Job, ApiRoutes.OfJob(sample.Job), sample.Attempt, sample.At, sample.Message)
        : new(sample.Job, $"/{ApiRoutes.GetDeadLetter.Replace("{id}", sample.Job.ToString(), StringComparison.Ordinal)}", null, sample.At, sample.Message);
}

/// <summary>A page of a list.</summary>
/// <param name="Errors">The last seen first.</param>
/// <param name="NextCursor">Send it as <c>cursor</c>, with the rest of the query as it was, for the next page; absent: this is the last.</param>
public sealed record ErrorGroupListView(IReadOnlyList<ErrorGroupSummary> Errors, string? NextCursor)
{
    internal static ErrorGroupListView Of(ErrorGroupPage page) => new(page.Groups, page.Next is { } next ? ErrorCursor.Write(next) : null);
}
