using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>An attempt as the API shows it.</summary>
/// <param name="Deaths">Workers that died, or lost their lease, while they held it.</param>
public sealed record AttemptView(
    int Number, AttemptState State, string Worker, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Deaths, JobProgress? Progress, bool CancelRequested, AttemptError? Error)
{
    internal static AttemptView Of(Attempt row) =>
        new(row.Number, row.State, row.Owner, row.StartedAt, row.EndedAt, row.Deaths, row.Progress, row.CancelRequested, row.Error);
}
