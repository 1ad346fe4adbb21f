using System.Text;
using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Testing;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>When the stored workflow instance is written, in virtual time.</summary>
public sealed class ProjectionTests
{
    private readonly VirtualTimeProvider _time = new();
    private readonly OrchestrationDouble _engine;
    private readonly List<(DateTimeOffset At, WorkflowState State)> _saves = [];

    public ProjectionTests()
    {
        _engine = new OrchestrationDouble(_time) { CutsTimersDown = true };
        _engine.AddOrchestrator(WorkflowOrchestrator.Name, async context => await WorkflowOrchestrator.RunAsync(context));
        _engine.AddActivity(InstanceActivities.Save, SaveAsync);
        _engine.AddActivity(InstanceActivities.End, SaveAsync);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20, 50)]
    [InlineData(40, 100)]
    [InlineData(100, 30)]
    public async Task Saves_OfAChainOfQuickSteps_AreAtLeastASecondApart(int steps, int milliseconds)
    {
        RunSteps(TimeSpan.FromMilliseconds(milliseconds));

        await RunAsync([.. Enumerable.Range(0, steps).Select(i => i == 0 ? Work("s0") : Work($"s{i}", $"\"needs\": [\"s{i - 1}\"]"))]);

        // The last one is the end.
        var seconds = steps * milliseconds / 1000;
        Assert.InRange(_saves.Count, 1, seconds + 1);
        Assert.All(
            _saves.SkipLast(1).Zip(_saves.SkipLast(1).Skip(1)),
            pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(1)));
        Assert.Equal(WorkflowStatus.Completed, _saves[^1].State.Status);
    }

    [Fact]
    public async Task Saves_OfAShortWorkflow_AreItsEndOnly()
    {
        RunSteps(TimeSpan.FromMilliseconds(100));

        await RunAsync(Work("a"), Work("b", "\"needs\": [\"a\"]"));

        Assert.Single(_saves);
    }

    /// <summary>The change before a long step is shown while the step runs, and no step has waited for that.</summary>
    [Fact]
    public async Task State_BeforeALongStep_IsSavedWhileTheStepRuns()
    {
        var release = new TaskCompletionSource<object?>();
        _engine.AddActivity(RunStepActivity.Name, order =>
        {
            var run = Read(order).Run;
            return run.Step == "long" ? release.Task : Task.FromResult<object?>(Done(run));
        });
        Start(Work("a"), Work("long", "\"needs\": [\"a\"]"));
        var running = _engine.RunDueAsync(Token);
        Assert.Empty(_saves);

        _time.Advance(TimeSpan.FromSeconds(2));
        await _engine.RunDueAsync(Token);

        Assert.Equal([StepStatus.Succeeded, StepStatus.Running], Assert.Single(_saves).State.Steps.Select(step => step.Status));
        release.SetResult(Done(new Jobs.StepRun("long", 1)));
        await running;
        await _engine.RunUntilIdleAsync(Token);
        Assert.Equal(2, _saves.Count);
    }

    [Theory]
    [InlineData(""" "rest": { "needs": ["a"], "delay": "01:00:00" } """)]
    [InlineData(""" "rest": { "needs": ["a"], "waitFor": "approved", "timeout": "01:00:00", "onTimeout": "continue" } """)]
    public async Task State_OfAnInstanceThatWaits_IsSavedAtOnce(string step)
    {
        RunSteps(TimeSpan.FromMilliseconds(100));
        Start(Work("a"), step);

        await _engine.RunDueAsync(Token);

        Assert.Equal([StepStatus.Succeeded, StepStatus.Running], Assert.Single(_saves).State.Steps.Select(one => one.Status));
    }

    [Fact]
    public async Task States_InTheOrderOfTheirSaves_AreNumbered()
    {
        RunSteps(TimeSpan.FromMilliseconds(700));

        await RunAsync(Work("a"), Work("b", "\"needs\": [\"a\"]"), Work("c", "\"needs\": [\"b\"]"), Work("d", "\"needs\": [\"c\"]"));

        Assert.True(_saves.Count > 1);
        Assert.Equal(_saves.Select(save => save.State.Sequence).Order().Distinct(), _saves.Select(save => save.State.Sequence));
    }

    private void RunSteps(TimeSpan each) => _engine.AddActivity(RunStepActivity.Name, order =>
    {
        _time.Advance(each);
        return Task.FromResult<object?>(Done(Read(order).Run));
    });

    private async Task RunAsync(params string[] steps)
    {
        Start(steps);
        await _engine.RunUntilIdleAsync(Token);
    }

    private void Start(params string[] steps)
    {
        var definition = WorkflowReader.Read(Encoding.UTF8.GetBytes(Flow(steps)), out _)!;
        var instance = WorkflowInstance.Create(definition, "one", parent: null, correlationId: null, _time.GetUtcNow());
        var input = OrchestrationJson.Write(OrchestrationInput.Of(instance, Interpreter.Version));
        Assert.NotNull(_engine.TryStart(WorkflowOrchestrator.Name, "one", DurableJson.Write(input, DurableJson.Default)));
    }

    private Task<object?> SaveAsync(string? state)
    {
        _saves.Add((_time.GetUtcNow(), OrchestrationJson.Read<WorkflowState>(DurableJson.Read<string>(state, DurableJson.Default)!)));
        return Task.FromResult<object?>(null);
    }

    private static StepAttemptInput Read(string? order) =>
        OrchestrationJson.Read<StepAttemptInput>(DurableJson.Read<string>(order, DurableJson.Default)!);

    private static string Done(Jobs.StepRun run) => OrchestrationJson.Write<WorkflowEvent>(new WorkflowEvent.Succeeded(run));
}
