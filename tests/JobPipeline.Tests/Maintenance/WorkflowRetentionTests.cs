using System.Text;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Maintenance;

/// <summary>Tests of weeks of workflows in virtual time.</summary>
public sealed class WorkflowRetentionTests
{
    private static readonly (string, string)[] TwoDays = [("JobPipeline:Retention", "2.00:00:00"), ("JobPipeline:KeyLifetime", "01:00:00")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 2)]
    [InlineData("5.00:00:00", 5)]
    public async Task Run_AfterTheWorkflowRetention_PurgesEndedInstances(string? setting, int days)
    {
        await using var pipeline = TestPipeline.With(setting is null ? TwoDays : [.. TwoDays, ("JobPipeline:WorkflowRetention", setting)]);
        // As on a host from its first minute: instances older than the first run are not searched for.
        await SettleAsync(pipeline);
        await StartAsync(pipeline, "ended");
        await StartAsync(pipeline, "open");
        pipeline.Time.Advance(TimeSpan.FromHours(12));
        await EndAsync(pipeline, "ended");

        pipeline.Time.Advance(TimeSpan.FromDays(days) - TimeSpan.FromHours(1));
        await SettleAsync(pipeline);
        Assert.NotNull(await pipeline.Storage.Workflows.ReadAsync("ended", Token));

        pipeline.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await SettleAsync(pipeline));

        Assert.Null(await pipeline.Storage.Workflows.ReadAsync("ended", Token));
        Assert.NotNull(await pipeline.Storage.Workflows.ReadAsync("open", Token));
        await EndAsync(pipeline, "open");
        var removed = 0;
        for (var day = 0; day < (2 * days) + 3; day++)
        {
            pipeline.Time.Advance(TimeSpan.FromDays(1));
            removed += await SettleAsync(pipeline);
        }

        Assert.Equal(1, removed);
        Assert.Null(await pipeline.Storage.Workflows.ReadAsync("open", Token));
        Assert.Empty(await pipeline.Storage.Ledger.ListDueAsync(DateTimeOffset.MaxValue.AddDays(-1), 10, Token));
    }

    [Fact]
    public void Start_WithAWorkflowRetentionShorterThanThatOfJobs_Throws()
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            TestPipeline.With(("JobPipeline:Retention", "40.00:00:00"), ("JobPipeline:WorkflowRetention", "30.00:00:00")));

        Assert.Contains("WorkflowRetention", error.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(TestPipeline pipeline, string id)
    {
        var definition = WorkflowReader.Read(
            Encoding.UTF8.GetBytes("""{ "name": "gate", "steps": { "ok": { "waitFor": "approved" } } }"""),
            out _)!;
        await pipeline.Get<IWorkflowRuntime>().StartAsync(definition, id, "1"u8.ToArray(), null, Token);
        await DeliverAsync(pipeline);
    }

    private static async Task EndAsync(TestPipeline pipeline, string id)
    {
        Assert.True(await pipeline.Get<IWorkflowRuntime>().RequestAsync(id, new WorkflowEvent.TerminateRequested("enough"), Token));
        await DeliverAsync(pipeline);
    }

    private static async Task DeliverAsync(TestPipeline pipeline)
    {
        while (await pipeline.DeliverEventsAsync())
        {
        }
    }

    /// <summary>Runs the retention and returns the number of purged instances.</summary>
    private static async Task<int> SettleAsync(TestPipeline pipeline)
    {
        var removed = 0;
        while (await pipeline.Maintenance.RunAsync(pipeline.Now, Token) is { Retention: { } report })
        {
            removed += report.Removed["workflows"];
            if (!report.HasMore)
                break;
        }

        return removed;
    }
}
