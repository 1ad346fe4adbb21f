using System.Net.Http.Json;
using System.Text.Json;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Counts of all jobs, as returned by the API.</summary>
internal sealed class JobHistory
{
    private static readonly string[] States =
        ["scheduled", "queued", "running", "retrying", "succeeded", "deadLettered", "cancelled", "expired"];
    private static readonly string[] Terminal = ["succeeded", "deadLettered", "cancelled", "expired"];

    private readonly List<(string Type, string State, string[] Attempts)> _jobs = [];
    private readonly List<(string Type, string Reason)> _deadLetters = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public bool HasAllEnded => _jobs.TrueForAll(job => Terminal.Contains(job.State));

    public int Count => _jobs.Count;

    /// <summary>The number of jobs by type.</summary>
    public string[] Enqueued => Tally(_jobs.Select(job => job.Type));

    /// <summary>The number of jobs whose handler was started, by type.</summary>
    public string[] Started => Tally(_jobs.Where(job => job.Attempts.Length > 0).Select(job => job.Type));

    /// <summary>The number of finished jobs by type and outcome, with the attribute values of the metrics.</summary>
    public string[] Finished => Tally(_jobs.Select(job => $"{job.Type} {(job.State == "deadLettered" ? "dead-lettered" : job.State)}"));

    public string[] Outcomes => Tally(_jobs.Select(job => job.State == "deadLettered" ? "dead-lettered" : job.State));

    /// <summary>The number of stored attempts by type and outcome.</summary>
    public string[] Attempts => Tally(_jobs.SelectMany(job => job.Attempts.Select(attempt => $"{job.Type} {attempt}")));

    public int AttemptCount => _jobs.Sum(job => job.Attempts.Length);

    /// <summary>The number of dead letters by type and reason.</summary>
    public string[] DeadLetters => Tally(_deadLetters.Select(deadLetter => $"{deadLetter.Type} {deadLetter.Reason}"));

    /// <param name="api">A client of the host.</param>
    /// <param name="types">The job types that the host handles; the metrics have one name for all others.</param>
    public static async Task<JobHistory> ReadAsync(HttpClient api, IReadOnlyCollection<string> types)
    {
        var history = new JobHistory();
        string Known(string type) => types.Contains(type) ? type : "unknown";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var state in States)
        {
            await foreach (var job in ListAsync(api, $"api/jobs?state={state}&limit=200", "jobs"))
            {
                // A job may change its state between the lists.
                if (!seen.Add(job.GetProperty("id").GetString()!))
                    continue;
                var view = await api.GetFromJsonAsync<JsonElement>($"api/jobs/{job.GetProperty("id").GetString()}", Token);
                var runs = view.GetProperty("attempts").EnumerateArray().Where(HasRun);
                history._jobs.Add(
                    (
                        Known(view.GetProperty("type").GetString()!),
                        view.GetProperty("state").GetString()!,
                        [.. runs.Select(attempt => attempt.GetProperty("state").GetString()!)]));
            }
        }

        await foreach (var deadLetter in ListAsync(api, "api/dead-letters?limit=100", "deadLetters"))
            history._deadLetters.Add(
                (
                    Known(deadLetter.TryGetProperty("type", out var type) ? type.GetString()! : ""),
                    Upper(deadLetter.GetProperty("reason").GetString()!)));
        return history;
    }

    /// <summary>
    /// Whether the attempt ran a handler; one that ended in the write that began it (the job was rejected or cancelled) did not.
    /// </summary>
    private static bool HasRun(JsonElement attempt) =>
        !attempt.TryGetProperty("endedAt", out var end) || end.GetDateTimeOffset() > attempt.GetProperty("startedAt").GetDateTimeOffset();

    private static async IAsyncEnumerable<JsonElement> ListAsync(HttpClient api, string path, string member)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await api.GetFromJsonAsync<JsonElement>(cursor.Length > 0 ? $"{path}&cursor={cursor}" : path, Token);
            foreach (var item in page.GetProperty(member).EnumerateArray())
                yield return item;
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
    }

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string[] Tally(IEnumerable<string> names) =>
    [
        .. names.GroupBy(name => name, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {group.Count()}")
            .Order(StringComparer.Ordinal),
    ];
}
