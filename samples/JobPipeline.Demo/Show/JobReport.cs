using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Demo.Show;

/// <summary>A job as reported by the HTTP API.</summary>
internal sealed record JobReport(
    string State, bool HasEnded, int Attempts, int Deaths, long Done, long? Total, TimeSpan? Duration, string Result)
{
    private const int SummaryLength = 90;

    /// <summary>The result for a table cell: the members of an object side by side, any other value unchanged; long text is cut.</summary>
    public string Summary
    {
        get
        {
            var text = Result.StartsWith('{')
                ? string.Join(
                    ", ",
                    JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Result)!.Select(member => $"{member.Key} {member.Value}"))
                : Result;
            return text.Length > SummaryLength ? string.Concat(text.AsSpan(0, SummaryLength), " …") : text;
        }
    }

    public static JobReport Waiting { get; } = new("waiting", false, 0, 0, 0, null, null, "");

    /// <summary>Reads the job; a message that never became a job is reported from its dead letter.</summary>
    public static async Task<JobReport> FetchAsync(HttpClient api, JobId id, CancellationToken cancellationToken)
    {
        if (await GetAsync(api, $"api/jobs/{id}", cancellationToken) is { } job)
            return Of(job);
        return await GetAsync(api, $"api/dead-letters/{id}", cancellationToken) is { } deadLetter
            ? new JobReport("deadLettered", true, 0, 0, 0, null, null, $"{Text(deadLetter, "reason")}: {Text(deadLetter, "detail")}")
            : Waiting;
    }

    private static async Task<JsonElement?> GetAsync(HttpClient api, string path, CancellationToken cancellationToken)
    {
        using var answer = await api.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private static JobReport Of(JsonElement job)
    {
        var attempts = job.GetProperty("attempts").EnumerateArray().ToList();
        var state = Text(job, "state");
        var hasEnded = state is "succeeded" or "deadLettered" or "cancelled" or "expired";
        var progress = job.TryGetProperty("progress", out var p) ? p : default;
        return new JobReport(
            state,
            hasEnded,
            attempts.Count,
            attempts.Sum(attempt => attempt.GetProperty("deaths").GetInt32()),
            progress.ValueKind == JsonValueKind.Object ? progress.GetProperty("done").GetInt64() : 0,
            progress.ValueKind == JsonValueKind.Object && progress.TryGetProperty("total", out var total) ? total.GetInt64() : null,
            attempts.Count > 0 && hasEnded ? Time(job, "since") - Time(attempts[0], "startedAt") : null,
            job.TryGetProperty("result", out var result) ? result.ToString() : Text(job, "reason"));
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static DateTimeOffset Time(JsonElement element, string name) =>
        DateTimeOffset.Parse(Text(element, name), CultureInfo.InvariantCulture);
}
