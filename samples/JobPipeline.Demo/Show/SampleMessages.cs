using System.Text.Json;

namespace JobPipeline.Demo.Show;

/// <summary>The messages that the demo drops.</summary>
internal static class SampleMessages
{
    /// <summary>The import during which the host is killed.</summary>
    public const string CutOff = "import, cut off";

    public static IReadOnlyList<SampleMessage> All { get; } =
    [
        new("checksum", """{ "type": "blob.checksum", "payload": { "path": "airports.csv" } }""", report => Succeeded(report, result =>
            Is(result, "bytes", "210365"))),
        new(
            CutOff,
            """
            {
              "type": "csv.import", "payload": { "path": "seattle-weather.csv", "table": "Weather", "batchSize": 5 }, "tags": ["demo"]
            }
            """,
            report => Succeeded(
                report,
                result => Is(result, "imported", "1461")
                    ?? Is(result, "rejected", "0")
                    ?? (report.Deaths > 0 ? null : "no worker was killed during it")
                    ?? Has(result, "resumedAt"))),
        new(
            "import, bad lines (CloudEvent)",
            """
            {
              "specversion": "1.0", "type": "csv.import", "source": "/demo", "id": "bad-lines",
              "data": {
                "path": "seattle-weather-with-bad-lines.csv", "table": "WeatherChecked", "rejects": "rejects/seattle-weather.csv",
                "keyColumns": ["date"],
                "columns": {
                  "date": { "type": "date", "required": true }, "precipitation": { "type": "double" }, "temp_max": { "type": "double" },
                  "temp_min": { "type": "double" }, "wind": { "type": "double" }
                }
              }
            }
            """,
            report => Succeeded(
                report,
                result => Is(result, "imported", "1461")
                    ?? Is(result, "rejected", "9")
                    ?? Is(result, "rejectsBlob", "rejects/seattle-weather.csv"))),
        new("flaky (base64)", """{ "type": "demo.flaky", "payload": { "succeedOnAttempt": 3 } }""", report =>
            Succeeded(report, _ => report.Attempts == 3 ? null : $"it took {report.Attempts} attempts, not 3")) { IsBase64 = true },
        new(
            "doomed",
            """{ "type": "demo.doomed", "payload": { "invoice": "4711" } }""",
            report => DeadLettered(report, "invoice 4711 has no customer", attempts: 2)),
        new("malformed", """{ "type": "csv.import", "payload": { "path": """, report => DeadLettered(report, "Unreadable", attempts: 0)),
    ];

    private static string? Succeeded(JobReport report, Func<JsonElement, string?> check)
    {
        if (report.State != "succeeded")
            return $"it ended as {report.State}";
        using var result = JsonDocument.Parse(report.Result);
        return check(result.RootElement);
    }

    private static string? DeadLettered(JobReport report, string reason, int attempts)
    {
        if (report.State != "deadLettered")
            return $"it ended as {report.State}";
        if (!report.Result.Contains(reason, StringComparison.OrdinalIgnoreCase))
            return $"its reason does not contain '{reason}'";
        return report.Attempts == attempts ? null : $"it took {report.Attempts} attempts, not {attempts}";
    }

    private static string? Is(JsonElement result, string name, string expected) =>
        result.TryGetProperty(name, out var value) && value.ToString() == expected ? null : $"{name} is not {expected}";

    private static string? Has(JsonElement result, string name) =>
        result.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? null : $"{name} is missing";
}
