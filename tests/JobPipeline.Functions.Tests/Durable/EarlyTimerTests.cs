using System.Text;
using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>The timers that an execution sets depend on its input alone, because a replay must set the timers of its history.</summary>
public sealed class EarlyTimerTests
{
    private static readonly string Flow = """{ "name": "flow", "steps": { "rest": { "delay": "00:00:01.5000000" } } }""";

    [Fact]
    public async Task Timer_ThatFiresEarly_IsResetToASecondLater()
    {
        var (instance, began) = await RunAsync(passage => passage);

        Assert.Equal([1.5, 2.5], SecondsOf(instance, began));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.Status);
    }

    [Fact]
    public async Task Timer_OfTheNewestInterpreter_IsSetOnceASecondLater()
    {
        var (instance, began) = await RunAsync(passage => passage with { Interpreter = Interpreter.Version });

        Assert.Equal([2.5], SecondsOf(instance, began));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.Status);
        Assert.Equal(TimeSpan.FromSeconds(2), instance.UpdatedAt - began);
    }

    [Fact]
    public async Task Execution_OfAnOlderRelease_SetsOnlyTheTimersOfItsHistory()
    {
        var (instance, began) = await RunAsync(passage => passage with { ResetsEarlyTimers = false });

        Assert.Equal([1.5], SecondsOf(instance, began));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.Status);
    }

    [Fact]
    public void Input_OfAnOlderRelease_DisablesTheTimerReset()
    {
        var instance = Instance(DateTimeOffset.UnixEpoch);
        var written = OrchestrationJson.Write(OrchestrationInput.Of(instance));
        Assert.Contains("\"resetsEarlyTimers\":true", written, StringComparison.Ordinal);

        var older = OrchestrationJson.Read<OrchestrationInput>(
            written.Replace(",\"resetsEarlyTimers\":true", "", StringComparison.Ordinal));

        Assert.False(older.ResetsEarlyTimers);
        Assert.Null(older.TraceParent);
    }

    private static async Task<(DurableInstance Instance, DateTimeOffset Began)> RunAsync(
        Func<OrchestrationInput, OrchestrationInput> change)
    {
        var time = new VirtualTimeProvider();
        var engine = new OrchestrationDouble(time) { CutsTimersDown = true };
        engine.AddOrchestrator(WorkflowOrchestrator.Name, async context => await WorkflowOrchestrator.RunAsync(context));
        engine.AddActivity(InstanceActivities.Save, _ => Task.FromResult<object?>(null));
        engine.AddActivity(InstanceActivities.End, _ => Task.FromResult<object?>(null));
        var began = time.GetUtcNow();
        var passage = change(OrchestrationInput.Of(Instance(began)));
        var instance = engine.TryStart(
            WorkflowOrchestrator.Name, "one", DurableJson.Write(OrchestrationJson.Write(passage), DurableJson.Default));
        await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        return (instance!, began);
    }

    private static WorkflowInstance Instance(DateTimeOffset now) =>
        WorkflowInstance.Create(WorkflowReader.Read(Encoding.UTF8.GetBytes(Flow), out _)!, "one", parent: null, correlationId: null, now);

    private static IEnumerable<double> SecondsOf(DurableInstance instance, DateTimeOffset began) =>
        instance.History.OfType<HistoryEntry.Decided>().Select(entry => entry.Decision).OfType<Decision.SetTimer>()
            .Select(timer => (timer.Due - began).TotalSeconds);
}
