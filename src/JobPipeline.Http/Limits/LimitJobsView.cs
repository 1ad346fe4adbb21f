using System.Text.RegularExpressions;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;

namespace JobPipeline.Http.Limits;

/// <summary>A job that waits at a limit.</summary>
/// <param name="Id">The job.</param>
/// <param name="Type">The job type.</param>
/// <param name="Queue">The queue that it belongs to.</param>
/// <param name="Since">When it was parked.</param>
/// <param name="ExpiresAt">When it expires if it has not started; absent for never.</param>
/// <param name="IsReady">Whether it may start: its message is under way, or it waits at another limit and keeps its place here.</param>
internal sealed record LimitJobView(JobId Id, string Type, string Queue, DateTimeOffset Since, DateTimeOffset? ExpiresAt, bool IsReady);

/// <summary>A page of the jobs that wait at a limit, in the order in which they will start.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="NextCursor">The cursor of the next page; absent on the last one.</param>
internal sealed partial record LimitJobsView(IReadOnlyList<LimitJobView> Jobs, string? NextCursor)
{
    /// <summary>The number of jobs on a page unless the request has another.</summary>
    public const int DefaultLimit = 50;

    public static LimitJobsView Of(IReadOnlyList<ParkedJob> page, int limit) => new(
        [.. page.Select(job => new LimitJobView(job.Job, job.Type, job.Queue, job.ParkedAt, job.ExpiresAt, job.IsGranted))],
        page.Count == limit ? page[^1].Key.Text.Replace('|', '.') : null);

    /// <summary>Reads a cursor. Returns false if it is not one of ours.</summary>
    public static bool TryReadCursor(string text, out ParkedKey from)
    {
        from = new ParkedKey(text.Replace('.', '|')).Next;
        return Form().IsMatch(text);
    }

    [GeneratedRegex(@"^p\.\d\.\d{19}\.[0-9a-f]{32}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
