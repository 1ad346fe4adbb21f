using System.Text;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Tests of storage calls that fail while a workflow runs.</summary>
public sealed class LocalWorkflowFaultTests
{
    private const string Id = "an-instance";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WithAnyOneFailingSend_Completes(bool hasEffect)
    {
        for (var failing = 1; ; failing++)
        {
            var sends = 0;
            await using var pipeline = NewPipeline();
            bool Fails(string call) => call.StartsWith("send", StringComparison.Ordinal) && ++sends == failing;
            Assert.True(await StartAsync(pipeline));
            if (hasEffect)
                pipeline.Storage.FailsAfter = Fails;
            else
                pipeline.Storage.FailsBefore = Fails;

            await RunAsync(pipeline);

            var ended = (await pipeline.Storage.Workflows.ReadAsync(Id, TestContext.Current.CancellationToken))!;
            Assert.True(ended.State.Status == WorkflowStatus.Completed, $"send {failing}: {ended.State.Status}");
            Assert.Empty(ended.Outbox);
            Assert.Equal(4, pipeline.Get<FlowScript>().Starts.Count);
            if (sends < failing)
                return;
        }
    }

    [Fact]
    public async Task Start_RepeatedAfterTheFirstEventWasLost_StartsTheInstance()
    {
        await using var pipeline = NewPipeline();
        pipeline.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => StartAsync(pipeline));
        pipeline.Storage.FailsBefore = static _ => false;

        Assert.False(await StartAsync(pipeline));
        await RunAsync(pipeline);

        Assert.Equal(
            WorkflowStatus.Completed,
            (await pipeline.Storage.Workflows.ReadAsync(Id, TestContext.Current.CancellationToken))!.State.Status);
    }

    private static TestPipeline NewPipeline() => TestPipeline.With([typeof(FlowJob)], services => services.AddSingleton<FlowScript>());

    private static Task<bool> StartAsync(TestPipeline pipeline)
    {
        const string each = """
            "all": { "forEach": {
              "items": "${{ input.list }}", "maxParallel": 2, "job": "flow.work", "payload": { "name": "${{ item }}", "with": null } } }
            """;
        var definition = WorkflowReader.Read(
            Encoding.UTF8.GetBytes(FlowRig.Flow(each, FlowRig.Work("last", "\"needs\": [\"all\"]"))),
            out _)!;
        return pipeline
            .Get<IWorkflowRuntime>()
            .StartAsync(definition, Id, """{ "list": ["a", "b", "c"] }"""u8.ToArray(), null, CancellationToken.None);
    }

    private static async Task RunAsync(TestPipeline pipeline)
    {
        while (pipeline.Messages() + pipeline.Messages(WorkflowEvents.Queue) > 0)
        {
            while (await pipeline.DeliverEventsAsync())
            {
            }

            if (!pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal))
            {
                pipeline.Time.Advance(TimeSpan.FromSeconds(1));
                continue;
            }

            try
            {
                await pipeline.DeliverOneAsync();
            }
            catch (IOException)
            {
                // A host leaves the message, which becomes visible again after its visibility timeout.
            }
        }
    }
}
