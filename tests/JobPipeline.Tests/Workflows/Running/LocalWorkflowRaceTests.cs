using System.Text;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Tests of concurrent requests and of the limit of pending events.</summary>
public sealed class LocalWorkflowRaceTests
{
    private const string Id = "an-instance";
    private static readonly string Gate =
        """{ "name": "gate", "steps": { "pause": { "delay": "01:00:00" }, "ok": { "waitFor": "approved", "needs": ["pause"] } } }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    public async Task Start_ByTwoCallersAtOnce_KeepsTheInputOfTheWinner(string where)
    {
        var store = new RivalStore(new InMemoryWorkflowStore(new InMemoryWorkflowData()));
        await using var pipeline = TestPipeline.With([typeof(FlowJob)], services =>
            services.AddSingleton<FlowScript>().AddSingleton<IWorkflowStore>(store));
        var rival = default(bool?);
        store.Meanwhile = async call =>
        {
            if (call != where)
                return;
            store.Meanwhile = null;
            rival = await StartAsync(pipeline, "winner");
        };

        Assert.False(await StartAsync(pipeline, "loser"));
        await DeliverAsync(pipeline);

        Assert.True(rival);
        Assert.Equal(["winner"], pipeline.Get<FlowScript>().Starts);
        Assert.Equal(
            "\"winner\"",
            Encoding.UTF8.GetString((await pipeline.Storage.WorkflowData.ReadAsync(Id, WorkflowDataName.Input, Token))!.Value.Span));
    }

    [Fact]
    public async Task Start_InterruptedAfterItsRow_KeepsItsInputWhenAnotherCallerFinishesIt()
    {
        await using var pipeline = TestPipeline.With([typeof(FlowJob)], services => services.AddSingleton<FlowScript>());
        pipeline.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => StartAsync(pipeline, "first"));
        pipeline.Storage.FailsBefore = static _ => false;
        var kept = (await pipeline.Storage.Workflows.ReadAsync(Id, Token))!;
        Assert.Equal(
            "\"first\"",
            Encoding.UTF8.GetString((await pipeline.Storage.WorkflowData.ReadAsync(Id, kept.InputName, Token))!.Value.Span));

        Assert.False(await StartAsync(pipeline, "second"));
        await DeliverAsync(pipeline);

        Assert.Equal(["first"], pipeline.Get<FlowScript>().Starts);
    }

    [Fact]
    public async Task Raise_MoreEventsThanTheMailboxHolds_IsRejected()
    {
        await using var pipeline = TestPipeline.With([typeof(FlowJob)], services => services.AddSingleton<FlowScript>());
        var workflows = pipeline.Get<IWorkflowRuntime>();
        await workflows.StartAsync(Read(Gate), Id, default, null, Token);
        for (var i = 0; i < Mailbox.Size; i++)
            Assert.Equal(RaiseOutcome.Accepted, await workflows.RaiseAsync(Id, "other", default, Token));
        // It is on the queue, like the hundred before it.
        Assert.Equal(RaiseOutcome.Accepted, await workflows.RaiseAsync(Id, "one too many", default, Token));
        while (await pipeline.DeliverEventsAsync())
        {
        }

        Assert.Equal(RaiseOutcome.MailboxFull, await workflows.RaiseAsync(Id, "approved", default, Token));

        var dropped = Assert.Single(pipeline.Log.Entries, entry => entry.Event.Id == 1606);
        Assert.Contains("one too many", dropped.Text, StringComparison.Ordinal);
        pipeline.Time.Advance(TimeSpan.FromHours(1));
        while (await pipeline.DeliverEventsAsync())
        {
        }

        Assert.Equal(RaiseOutcome.Accepted, await workflows.RaiseAsync(Id, "approved", default, Token));
        while (await pipeline.DeliverEventsAsync())
        {
        }

        Assert.Equal(WorkflowStatus.Completed, (await workflows.ReadAsync(Id, Token))!.State.Status);
        Assert.Equal(RaiseOutcome.NotRunning, await workflows.RaiseAsync(Id, "approved", default, Token));
    }

    private static WorkflowDefinition Read(string definition) => WorkflowReader.Read(Encoding.UTF8.GetBytes(definition), out _)!;

    private static Task<bool> StartAsync(TestPipeline pipeline, string input)
    {
        const string definition =
            """{ "name": "flow", "steps": { "a": { "job": "flow.work", "payload": { "name": "${{ input }}", "with": null } } } }""";
        return pipeline.Get<IWorkflowRuntime>().StartAsync(Read(definition), Id, Encoding.UTF8.GetBytes($"\"{input}\""), null, Token);
    }

    private static async Task DeliverAsync(TestPipeline pipeline)
    {
        while (await pipeline.DeliverEventsAsync())
        {
        }

        await pipeline.DeliverOneAsync();
    }

    /// <summary>A store that lets another caller act between two calls.</summary>
    private sealed class RivalStore(InMemoryWorkflowStore inner) : IWorkflowStore
    {
        public Func<string, Task>? Meanwhile { get; set; }

        public async Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken)
        {
            var read = await inner.ReadAsync(id, cancellationToken);
            await (Meanwhile?.Invoke("read") ?? Task.CompletedTask);
            return read;
        }

        public async Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken)
        {
            await (Meanwhile?.Invoke("write") ?? Task.CompletedTask);
            return await inner.TryWriteAsync(instance, cancellationToken);
        }

        public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(filter, cursor, limit, cancellationToken);

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);

        public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) =>
            inner.RemoveListingAsync(listed, cancellationToken);
    }
}
