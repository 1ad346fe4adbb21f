using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>The API representation of an error group.</summary>
/// <param name="IsRegression">Whether it recurred after it was resolved.</param>
/// <param name="Days">The failures by day, newest first, for the last 30 days; days without failures are omitted.</param>
/// <param name="ResolvedIn">The release that contains the fix.</param>
/// <param name="Samples">The newest failures, newest first.</param>
internal sealed record ErrorGroupView(
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

/// <summary>A failure of a group.</summary>
/// <param name="Job">The id of the job, or of the dead letter if the message never became a job.</param>
/// <param name="Location">The path of the job or dead letter.</param>
/// <param name="Attempt">The attempt number; absent if the message never became a job.</param>
internal sealed record ErrorSampleView(JobId Job, string Location, int? Attempt, DateTimeOffset At, string Message)
{
    internal static ErrorSampleView Of(ErrorSample sample) => sample.Attempt > 0
        ? new(sample.Job, ApiRoutes.OfJob(sample.Job), sample.Attempt, sample.At, sample.Message)
        : new(
            sample.Job,
            $"/{ApiRoutes.GetDeadLetter.Replace("{id}", sample.Job.ToString(), StringComparison.Ordinal)}",
            null,
            sample.At,
            sample.Message);
}

/// <summary>A page of error groups.</summary>
/// <param name="Errors">The groups, most recently seen first.</param>
/// <param name="NextCursor">
/// The <c>cursor</c> of the next page, to be sent with an otherwise unchanged query; absent on the last page.
/// </param>
internal sealed record ErrorGroupListView(IReadOnlyList<ErrorGroupSummary> Errors, string? NextCursor)
{
    internal static ErrorGroupListView Of(ErrorGroupPage page) => new(page.Groups, page.Next is { } next ? ErrorCursor.Write(next) : null);
}
