using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Spectre.Console;

namespace JobPipeline.Demo.Show;

/// <summary>
/// Runs the shipped workflow on the sample data over HTTP, like any client: start, watch, approve, read the published
/// report.
/// </summary>
internal sealed partial class WeatherReport(HttpClient api, BlobServiceClient blobs)
{
    private const string Csv = "seattle-weather.csv";
    private const string Event = "approved";
    private static readonly string[] Expected = ["1,461", "4,426.0", "35.6"];

    private string _status = "";
    private string _sendEvent = "";
    private JsonElement _view;

    /// <summary>Whether the workflow waits for approval or has ended.</summary>
    public bool IsWaiting => HasEnded || Steps.Any(step => Text(step, "id") == "approval" && Text(step, "status") == "running");

    public bool HasEnded { get; private set; }

    public int StepCount => Steps.Count();

    public int StepsDone => Steps.Count(step => Text(step, "status") == "succeeded");

    /// <summary>The running steps, for a line of progress.</summary>
    public string Now =>
        string.Join(
            ", ", Steps.Where(step => Text(step, "status") is "running" or "expanding").Select(step => Text(step, "id") + Items(step)));

    private IEnumerable<JsonElement> Steps => _view.ValueKind == JsonValueKind.Object ? _view.GetProperty("steps").EnumerateArray() : [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var container = blobs.GetBlobContainerClient("inbox");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await container.GetBlobClient(Csv).UploadAsync(
            Path.Combine(AppContext.BaseDirectory, "data", Csv), overwrite: true, cancellationToken);
        using var answer = await api.PostAsJsonAsync(
            "api/workflows/weather-report?instanceId=demo", new { blob = $"inbox/{Csv}" }, cancellationToken);
        var addresses = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        (_status, _sendEvent) = (Text(addresses, "statusQueryGetUri"), Text(addresses, "sendEventPostUri"));
    }

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        using var answer = await api.GetAsync(_status, cancellationToken);
        _view = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        HasEnded = answer.StatusCode == HttpStatusCode.OK;
    }

    public async Task ApproveAsync(CancellationToken cancellationToken)
    {
        using var answer = await api.PostAsJsonAsync(
            _sendEvent.Replace("{eventName}", Event, StringComparison.Ordinal), new { by = "the demo" }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Shows the result. Returns false if it is not as expected.</summary>
    public async Task<bool> ConcludeAsync(CancellationToken cancellationToken)
    {
        var table = new Table().AddColumns("Step", "Kind", "State", "Attempts", "Duration");
        foreach (var step in Steps)
            table.AddRow(Text(step, "id"), Text(step, "kind") + Items(step), Text(step, "status"), Text(step, "attempts"), Duration(step));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(await api.GetStringAsync($"{_status}?format=mermaid", cancellationToken));
        if (Text(_view, "runtimeStatus") != "Completed")
            return Error($"the workflow ended as {Text(_view, "runtimeStatus")}: {Text(_view, "reason")}");
        var name = Text(_view.GetProperty("output"), "report");
        var report = (await BlobAsync(name, cancellationToken)).ToString();
        AnsiConsole.MarkupLine($"[grey]{name}:[/]");
        AnsiConsole.WriteLine(report);
        var figures = Figures().Match(report);
        if (!figures.Success || !figures.Groups.Values.Skip(1).Select(group => group.Value).SequenceEqual(Expected, StringComparer.Ordinal))
            return Error($"the report does not contain {string.Join(", ", Expected)}");
        var chart = await BlobAsync(Text(_view.GetProperty("output"), "chart"), cancellationToken);
        if (!chart.ToString().StartsWith("<svg", StringComparison.Ordinal))
            return Error("the chart is not an SVG image");
        AnsiConsole.MarkupLine(
            $"[green]The workflow published its report; the totals are right: {Expected[0]} rows, {Expected[1]} mm, {Expected[2]} °C.[/]");
        return true;
    }

    private async Task<BinaryData> BlobAsync(string name, CancellationToken cancellationToken)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var blob = blobs.GetBlobContainerClient(name[..slash]).GetBlobClient(name[(slash + 1)..]);
        return (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
    }

    private static bool Error(string what)
    {
        AnsiConsole.MarkupLine($"[red]{Markup.Escape(what)}[/]");
        return false;
    }

    private static string Items(JsonElement step) =>
        step.TryGetProperty("items", out var items) && items.GetInt32() > 0 ? $" {Text(step, "itemsDone")}/{items}" : "";

    private static string Duration(JsonElement step) => Text(step, "endedAt") is { Length: > 0 } ended
        ? string.Create(CultureInfo.InvariantCulture, $"{(Time(ended) - Time(Text(step, "startedAt"))).TotalSeconds:f2} s")
        : "-";

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";

    [GeneratedRegex(
        @"^(?<days>[\d,]+) days, (?<rain>[\d,.]+) mm of precipitation, highest temperature (?<heat>[\d.]+) °C\.$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Figures();
}
