using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The API representation of an attempt.</summary>
/// <param name="Deaths">The number of times a worker crashed or lost its lease during the attempt.</param>
internal sealed record AttemptView(
    int Number,
    AttemptState State,
    string Worker,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int Deaths,
    JobProgress? Progress,
    bool CancelRequested,
    AttemptError? Error)
{
    internal static AttemptView Of(Attempt row) =>
        new(row.Number, row.State, row.Owner, row.StartedAt, row.EndedAt, row.Deaths, row.Progress, row.CancelRequested, row.Error);
}
