using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Jobs;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>A page of dead letters.</summary>
/// <param name="DeadLetters">The dead letters, newest first.</param>
/// <param name="NextCursor">
/// The <c>cursor</c> of the next page, to be sent with an otherwise unchanged query; absent on the last page.
/// </param>
internal sealed record DeadLetterListView(IReadOnlyList<DeadLetterLineView> DeadLetters, string? NextCursor)
{
    internal static DeadLetterListView Of(DeadLetterPage page) =>
        new([.. page.DeadLetters.Select(DeadLetterLineView.Of)], page.Next is { } next ? JobCursor.Write(next) : null);
}

/// <summary>A dead letter in a list.</summary>
/// <param name="LastReplay">The newest replay; absent if there is none.</param>
internal sealed record DeadLetterLineView(
    JobId Id,
    string Location,
    DeadLetterReason Reason,
    string Detail,
    DateTimeOffset At,
    string Queue,
    string? Type,
    string? ErrorGroup,
    ReplayView? LastReplay)
{
    internal static DeadLetterLineView Of(DeadLetterSummary deadLetter) => new(
        deadLetter.Id,
        ApiRoutes.OfDeadLetter(deadLetter.Id),
        deadLetter.Reason,
        deadLetter.Detail,
        deadLetter.At,
        deadLetter.Queue,
        deadLetter.Type,
        deadLetter.ErrorGroup,
        deadLetter.LastReplay is { } replay ? ReplayView.Of(replay) : null);
}

/// <summary>The API representation of a replay.</summary>
/// <param name="Job">The new job.</param>
/// <param name="Location">The path of the new job.</param>
/// <param name="At">When the replay was requested.</param>
/// <param name="By">Who requested it; for a bulk replay, the id of its job.</param>
/// <param name="Type">The type of the new job, if it differs from the dead letter's.</param>
/// <param name="IsEdited">Whether the new job's payload differs from the dead letter's.</param>
/// <param name="State">The state of the new job; absent in lists, and if the job has no record.</param>
internal sealed record ReplayView(JobId Job, string Location, DateTimeOffset At, string By, string? Type, bool IsEdited, JobState? State)
{
    internal static ReplayView Of(Replay replay, JobState? state = null) =>
        new(replay.Job, ApiRoutes.OfJob(replay.Job), replay.At, replay.By, replay.Type, replay.IsEdited, state);
}
