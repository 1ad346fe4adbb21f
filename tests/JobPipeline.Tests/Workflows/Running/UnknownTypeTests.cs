using System.Text;
using JobPipeline.Configuration;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Tests of workflow events on an instance without the handlers or child definitions of the workflow.</summary>
public sealed class UnknownTypeTests
{
    private const string Parent = """{ "name": "parent", "steps": { "call": { "workflow": "child", "input": { "a": 1 } } } }""";
    private const string Child = """{ "name": "child", "steps": { "send": { "job": "mail.send", "payload": { "to": "ada" } } } }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_WithAJobTypeOfAnotherInstance_IsEnqueuedAndLeftToIt()
    {
        await using var knower = Knower();
        await using var stranger = Stranger(knower);
        await StartAsync(knower, Child);

        await RunOnAsync(stranger, times: 3);

        Assert.Empty(knower.Script.Starts);
        await RunToTheEndAsync(knower);
        Assert.Equal(WorkflowStatus.Completed, await StatusAsync(knower));
        Assert.Single(knower.Script.Starts);
    }

    [Fact]
    public async Task Step_WithAChildOfAnotherInstance_WaitsForIt()
    {
        await using var knower = Knower();
        await using var stranger = Stranger(knower);
        await StartAsync(knower, Parent);

        await RunOnAsync(stranger, times: 3);

        Assert.Equal(WorkflowStatus.Running, await StatusAsync(knower));
        await RunToTheEndAsync(knower);
        Assert.Equal(WorkflowStatus.Completed, await StatusAsync(knower));
        Assert.Single(knower.Script.Starts);
    }

    [Theory]
    [InlineData(Child, "no handler is registered for the job type 'mail.send'")]
    [InlineData(Parent, "workflow 'child' does not exist")]
    public async Task Step_UnknownToAllInstances_FailsAfterTheGracePeriod(string definition, string why)
    {
        await using var knower = Knower();
        await using var stranger = Stranger(knower);
        await StartAsync(knower, definition);
        var started = knower.Now;

        await RunToTheEndAsync(stranger);

        Assert.Equal(WorkflowStatus.Failed, await StatusAsync(knower));
        Assert.Contains(why, (await ReadAsync(knower)).State.Steps[0].Error, StringComparison.Ordinal);
        Assert.InRange(knower.Now - started, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(16));
        Assert.Empty(stranger.Storage.DeadLetters.All());
    }

    [Fact]
    public async Task StartJob_OfAWorkflowOfAnotherInstance_UsesNoAttemptAndStartsItThere()
    {
        await using var knower = Knower();
        await using var stranger = Stranger(knower);
        await stranger.DropAsync(
            """{ "type": "workflow.start", "payload": { "workflow": "child", "instance": "an-instance" }, "maxAttempts": 1 }""");

        await RunOnAsync(stranger, times: 3);

        await RunToTheEndAsync(knower);
        Assert.Equal(WorkflowStatus.Completed, await StatusAsync(knower));
        Assert.Empty(stranger.Storage.DeadLetters.All());
    }

    private static TestPipeline Knower() => TestPipeline.With(
        [typeof(ScriptedJob)],
        services => services.AddSingleton(new WorkerIdentity("knower")).AddWorkflow(Read(Parent)).AddWorkflow(Read(Child)));

    private static TestPipeline Stranger(TestPipeline knower) =>
        knower.Another([typeof(OtherJob)], services => services.AddSingleton(new WorkerIdentity("stranger")));

    private static async Task StartAsync(TestPipeline pipeline, string definition) =>
        Assert.True(await pipeline.Get<IWorkflowRuntime>().StartAsync(Read(definition), "an-instance", default, null, Token));

    private static WorkflowDefinition Read(string json) =>
        WorkflowReader.Read(Encoding.UTF8.GetBytes(json), out var faults) ?? throw new InvalidOperationException(string.Join("; ", faults));

    private static async Task<WorkflowInstance> ReadAsync(TestPipeline pipeline) =>
        Assert.IsType<WorkflowInstance>(await pipeline.Get<IWorkflowRuntime>().ReadAsync("an-instance", Token));

    private static async Task<WorkflowStatus> StatusAsync(TestPipeline pipeline) => (await ReadAsync(pipeline)).State.Status;

    private static async Task RunToTheEndAsync(TestPipeline pipeline)
    {
        for (var i = 0; i < 200 && (pipeline.Messages() > 0 || pipeline.Messages(WorkflowEvents.Queue) > 0); i++)
            await RunOnAsync(pipeline, times: 1);
    }

    /// <summary>Advances time to the next visible message and delivers it.</summary>
    private static async Task RunOnAsync(TestPipeline pipeline, int times)
    {
        for (var i = 0; i < times; i++)
        {
            for (var second = 0; second < 100_000 && !HasVisible(pipeline); second++)
                pipeline.Time.Advance(TimeSpan.FromMilliseconds(100));
            await pipeline.DeliverEventsAsync();
            while (pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal))
                await pipeline.DeliverOneAsync();
        }
    }

    private static bool HasVisible(TestPipeline pipeline) =>
        pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal) || pipeline.Storage.Queue.HasVisible(WorkflowEvents.Queue);
}
