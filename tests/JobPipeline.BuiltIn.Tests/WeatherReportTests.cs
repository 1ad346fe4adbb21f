using System.Text.Json;
using System.Xml.Linq;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>The shipped workflow with its real jobs and expressions, on the real data.</summary>
[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class WeatherReportTests(BuiltInStorage storage)
{
    private const string Workflow = "weather-report";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OnTheRealData_WaitsForApprovalAndPublishesItsTotals()
    {
        await using var harness = storage.Harness();
        var id = await harness.StartWorkflowAsync(
            Workflow, new { blob = await storage.UploadSampleAsync("seattle-weather.csv", Token) }, storage.NewName("weather-"), Token);
        await RunToApprovalAsync(harness, id);
        Assert.Equal((48, 48), ItemsOf(await ReadAsync(harness, id), "statistics"));
        Assert.False(await storage.Blobs.GetBlobContainerClient("published").GetBlobClient($"{id}/weather.md").ExistsAsync(Token));

        Assert.True(await harness.Workflows.RaiseEventAsync(id, "approved", new { by = "Ada" }, Token));
        await harness.RunUntilIdleAsync(Token);

        var output = await OutputAsync(harness, id);
        Assert.Equal((1461, 4426.0m, 35.6m), FiguresOf(output));
        Assert.Equal((1461, 0), (output.GetProperty("imported").GetInt32(), output.GetProperty("rejected").GetInt32()));
        Assert.Equal($"published/{id}/weather.md", output.GetProperty("report").GetString());
        var report = await TextAsync(output.GetProperty("report").GetString()!);
        Assert.Contains("1,461 days, 4,426.0 mm of precipitation, highest temperature 35.6 °C.", report, StringComparison.Ordinal);
        Assert.Contains("(weather.svg)", report, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", report, StringComparison.Ordinal);
        Assert.Equal(
            ["2012", "2013", "2014", "2015"],
            report.Split('\n').Where(line => line.StartsWith("| 20", StringComparison.Ordinal)).Select(line => line[2..6]));
        var chart = XDocument.Parse(await TextAsync($"published/{id}/weather.svg"));
        Assert.Equal(48, chart.Descendants().Count(element => element.Name.LocalName == "rect" && element.HasElements));
        var properties = await storage.Blobs.GetBlobContainerClient("published")
            .GetBlobClient($"{id}/weather.svg")
            .GetPropertiesAsync(cancellationToken: Token);
        Assert.Equal("image/svg+xml", properties.Value.ContentType);
    }

    [Fact]
    public async Task Run_WithoutApproval_PublishesAfterADay()
    {
        await using var harness = storage.Harness();
        var started = harness.Time.GetUtcNow();
        var id = await harness.StartWorkflowAsync(
            Workflow, new { blob = await storage.UploadSampleAsync("seattle-weather.csv", Token) }, storage.NewName("weather-"), Token);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal((1461, 4426.0m, 35.6m), FiguresOf(await OutputAsync(harness, id)));
        Assert.InRange(harness.Time.GetUtcNow() - started, TimeSpan.FromDays(1), TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Run_WithInvalidLines_FailsAndNamesTheRejectBlob()
    {
        await using var harness = storage.Harness();
        var id = await harness.StartWorkflowAsync(
            Workflow,
            new { blob = await storage.UploadSampleAsync("seattle-weather-with-bad-lines.csv", Token) },
            storage.NewName("weather-"),
            Token);

        await harness.RunUntilIdleAsync(Token);

        var instance = await ReadAsync(harness, id);
        Assert.Equal(WorkflowStatus.Failed, instance.State.Status);
        var error = instance.State.Steps[0].Error!;
        Assert.Contains("1 lines were rejected", error, StringComparison.Ordinal);
        Assert.Equal(1, instance.State.Steps[0].Attempts);
        var rejects = await storage.RejectsAsync(
            error[(error.IndexOf('\'', error.IndexOf("The rejected lines are in", StringComparison.Ordinal)) + 1)..error.LastIndexOf('\'')],
            Token);
        Assert.Equal((101, "3 fields instead of 6"), (rejects[0].Line, rejects[0].Reason));
        Assert.All(instance.State.Steps.Skip(1), step => Assert.Equal(StepStatus.Skipped, step.Status));
    }

    [Fact]
    public async Task Run_WithAllowedInvalidLines_ReportsTheSameTotalsAndTheRejects()
    {
        await using var harness = storage.Harness();
        var input = new
        {
            blob = await storage.UploadSampleAsync("seattle-weather-with-bad-lines.csv", Token),
            maxRejects = 9,
            table = "WeatherAllowed",
        };
        var id = await harness.StartWorkflowAsync(Workflow, input, storage.NewName("weather-"), Token);

        await harness.RunUntilIdleAsync(Token);

        var output = await OutputAsync(harness, id);
        Assert.Equal((1461, 4426.0m, 35.6m), FiguresOf(output));
        Assert.Equal(9, output.GetProperty("rejected").GetInt32());
        var rejects = output.GetProperty("rejectsBlob").GetString()!;
        Assert.Equal(9, (await storage.RejectsAsync(rejects, Token)).Count);
        Assert.Contains(
            $"**9 lines of the file could not be used and are left out.** They are in `{rejects}`.",
            await TextAsync($"published/{id}/weather.md"),
            StringComparison.Ordinal);
        Assert.Equal(
            1461,
            await storage.Tables.GetTableClient("WeatherAllowed")
                .QueryAsync<Azure.Data.Tables.TableEntity>($"PartitionKey eq '{id}'", cancellationToken: Token)
                .CountAsync(Token));
    }

    private static async Task RunToApprovalAsync(JobTestHarness harness, string id)
    {
        while (await harness.RunNextAsync(Token))
        {
        }

        var instance = await ReadAsync(harness, id);
        Assert.Equal(
            (WorkflowStatus.Running, StepStatus.Running),
            (instance.State.Status, instance.State.Steps[instance.Definition.Steps.Count - 2].Status));
    }

    private static async Task<WorkflowInstance> ReadAsync(JobTestHarness harness, string id) =>
        (await harness.WorkflowRuntime.ReadAsync(id, Token))!;

    private static (int Items, int Done) ItemsOf(WorkflowInstance instance, string step)
    {
        var state = instance.State.Steps[instance.Definition.Steps.Select(entry => entry.Id).ToList().IndexOf(step)];
        return (state.Items, state.Done);
    }

    private static async Task<JsonElement> OutputAsync(JobTestHarness harness, string id)
    {
        var state = (await ReadAsync(harness, id)).State;
        Assert.True(
            state.Status == WorkflowStatus.Completed,
            $"{state.Status}: {state.Reason}; {string.Join("; ", state.Steps.Select(step => step.Error))}");
        return JsonElement.Parse(
            (await harness.Services.GetRequiredService<IWorkflowData>().ReadAsync(id, WorkflowDataName.Output, Token))!.Value.Span);
    }

    private static (int Days, decimal Precipitation, decimal Highest) FiguresOf(JsonElement output)
    {
        var all = output.GetProperty("all");
        return (all.GetProperty("days").GetInt32(), all.GetProperty("precipitation").GetDecimal(), all.GetProperty("highest").GetDecimal());
    }

    private async Task<string> TextAsync(string blob)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        var content = await storage.Blobs.GetBlobContainerClient(blob[..slash])
            .GetBlobClient(blob[(slash + 1)..])
            .DownloadContentAsync(Token);
        return content.Value.Content.ToString();
    }
}
