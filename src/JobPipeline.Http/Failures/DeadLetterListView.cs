using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Jobs;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Failures;

/// <summary>A page of a list.</summary>
/// <param name="DeadLetters">Newest first.</param>
/// <param name="NextCursor">Send it as <c>cursor</c>, with the rest of the query as it was, for the next page; absent: this is the last.</param>
public sealed record DeadLetterListView(IReadOnlyList<DeadLetterLineView> DeadLetters, string? NextCursor)
{
    internal static DeadLetterListView Of(DeadLetterPage page) =>
        new([.. page.Letters.Select(DeadLetterLineView.Of)], page.Next is { } next ? JobCursor.Write(next) : null);
}

/// <summary>A dead letter in a list.</summary>
/// <param name="LastReplay">The newest job that was made of it; absent: none.</param>
public sealed record DeadLetterLineView(
    JobId Id, string Location, DeadLetterReason Reason, string Detail, DateTimeOffset At, string Queue, string? Type, string? ErrorGroup, ReplayView? LastReplay)
{
    internal static DeadLetterLineView Of(DeadLetterSummary letter) => new(
        letter.Id,
        ApiRoutes.OfDeadLetter(letter.Id),
        letter.Reason,
        letter.Detail,
        letter.At,
        letter.Queue,
        letter.Type,
        letter.ErrorGroup,
        letter.LastReplay is { } replay ? ReplayView.Of(replay) : null);
}

/// <summary>A replay as the API shows it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Location">Its address.</param>
/// <param name="At">When it was decided.</param>
/// <param name="By">Who asked; for one of a bulk replay, that job's id.</param>
/// <param name="Type">The job's type, where it is not the letter's.</param>
/// <param name="IsEdited">True: its payload is not the letter's.</param>
/// <param name="State">Where the job stands; absent in lists, and where nothing is on record of it.</param>
public sealed record ReplayView(JobId Job, string Location, DateTimeOffset At, string By, string? Type, bool IsEdited, JobState? State)
{
    internal static ReplayView Of(Replay replay, JobState? state = null) =>
        new(replay.Job, ApiRoutes.OfJob(replay.Job), replay.At, replay.By, replay.Type, replay.IsEdited, state);
}
