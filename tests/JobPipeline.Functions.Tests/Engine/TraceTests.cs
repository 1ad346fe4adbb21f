using System.Diagnostics;
using System.Text.Json;
using JobPipeline.Integration.Tests.Monitoring;
using JobPipeline.Workflows.Machine;
using OpenTelemetry.Trace;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Engine;

/// <summary>The trace of a workflow through the real engine, its client and its worker, as the app exports it.</summary>
[Slow]
public sealed class TraceTests(SharedAzurite azurite)
{
    [Fact]
    public async Task Steps_OfAWorkflow_AreInTheTraceOfItsStart()
    {
        await using var insights = await IngestionListener.StartAsync();
        string trace;
        await using (var rig = await EngineRig.StartAsync(
            azurite,
            [Flow(Work("a"), Work("b", "\"needs\": [\"a\"]"))],
            [
                new(
                    "APPLICATIONINSIGHTS_CONNECTION_STRING",
                    $"InstrumentationKey=00000000-0000-0000-0000-0000000000aa;IngestionEndpoint={insights.Address}"),
            ]))
        {
            var traces = await rig.App.StartExportersAsync();
            string id;
            using (var start = new Activity("start").SetIdFormat(ActivityIdFormat.W3C))
            {
                start.ActivityTraceFlags = ActivityTraceFlags.Recorded;
                trace = start.Start().TraceId.ToHexString();
                id = await rig.StartWorkflowAsync();
            }

            Assert.Equal(WorkflowStatus.Completed, (await rig.EndAsync(id)).State.Status);
            Assert.True(traces.ForceFlush(60_000));
        }

        var ours = insights.Items.Where(
            item => item.GetProperty("tags").TryGetProperty("ai.operation.id", out var operation) && operation.GetString() == trace)
            .Select(item => item.GetProperty("data").GetProperty("baseData")).Where(data => data.TryGetProperty("name", out _)).ToList();
        // The span of the client, without which the orchestration would not be in the trace.
        Assert.Contains(ours, data => NameOf(data).StartsWith("create_orchestration", StringComparison.Ordinal));
        Assert.Equal(
            ["a", "b"],
            ours.Where(data => NameOf(data) == "process flow.work")
                .Select(data => data.GetProperty("properties").GetProperty("jobpipeline.workflow.step").GetString()!)
                .Order(StringComparer.Ordinal));
    }

    private static string NameOf(JsonElement data) => data.GetProperty("name").GetString()!;
}
