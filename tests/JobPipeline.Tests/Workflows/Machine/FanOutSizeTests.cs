using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

public sealed class FanOutSizeTests
{
    private const int MaxBytes = 64 * 1024;
    private const int Items = 10_000;

    /// <summary>Uses the largest possible slot: a deferred second attempt with a timeout.</summary>
    [Fact]
    public void State_OfALargeFanOut_StaysSmallThroughout()
    {
        var plan = new WorkflowPlan(new WorkflowDefinition("big", 1, [
            new WorkflowStep("each", new ForEachAction("${{ input }}", new JobAction("do"), WorkflowDefinition.MaxParallel))
            {
                Timeout = TimeSpan.FromHours(1),
                Retry = StepRetry.Once with { MaxAttempts = 2 },
            },
        ]));
        var now = SimulatedWorld.Start.AddTicks(1_234_567);
        var state = WorkflowMachine.Create(plan, new string('i', 100), now);
        var open = new Queue<WorkflowEvent>([new WorkflowEvent.Started()]);
        var (biggest, done, most) = (0, 0, 0);
        while (open.TryDequeue(out var happened))
        {
            var turn = WorkflowMachine.Evolve(plan, state, happened, now);
            state = turn.State;
            foreach (var effect in turn.Effects)
            {
                if (effect is WorkflowEffect.Expand expand)
                    open.Enqueue(new WorkflowEvent.ItemsExpanded(expand.Attempt, Items));
                if (effect is WorkflowEffect.SetTimer { Purpose: TimerPurpose.Start } timer)
                    open.Enqueue(new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose));
                if (effect is WorkflowEffect.Run { Attempt: var run })
                    open.Enqueue(Answer(run, now));
            }

            if (happened is WorkflowEvent.Succeeded && ++done % 1_000 != 1)
                continue;
            most = Math.Max(most, state.Steps[0].Slots.Length);
            biggest = Math.Max(biggest, JsonSerializer.SerializeToUtf8Bytes(state, JobJson.Options).Length);
        }

        Assert.Equal((WorkflowStatus.Completed, Items, Items), (state.Status, done, state.Steps[0].Done));
        Assert.Equal(WorkflowDefinition.MaxParallel, most);
        Assert.InRange(biggest, 1, MaxBytes);
    }

    private static WorkflowEvent Answer(StepRun run, DateTimeOffset now) => run switch
    {
        // After all slots were full at once, the ordinary case is enough.
        { Item: >= 2 * WorkflowDefinition.MaxParallel } => new WorkflowEvent.Succeeded(run),
        { Attempt: 1 } => new WorkflowEvent.Failed(run, "unplugged", IsPermanent: false),
        { Deferrals: 0 } => new WorkflowEvent.Deferred(run, now.AddMinutes(1)),
        _ => new WorkflowEvent.Succeeded(run),
    };
}
