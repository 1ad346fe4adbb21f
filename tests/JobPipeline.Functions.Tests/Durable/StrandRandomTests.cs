using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask.Client;
using static JobPipeline.Functions.Tests.Durable.StrandRig;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>Strands under every kind of ending, request and fault, in random orders. A failing run names its seed.</summary>
public sealed class StrandRandomTests
{
    [Fact]
    public async Task Chain_InARandomWorld_EndsWithEachJobRunOnce()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            await using var rig = new StrandRig(StrandMutation.None, Chain(_ => """, "retry": { "maxAttempts": 2 } """))
            {
                At = random.Next(3) == 0 ? random.Next(1, 25) : int.MaxValue, StopsFor = TimeSpan.FromSeconds(random.Next(1, 120)),
            };
            rig.Engine.Choose = random.Next;
            rig.Engine.EventsPerTurn = random.Next(1, 4);
            rig.Engine.Fault = name => name != StrandActivities.Run ? ActivityFault.None : random.Next(8) switch
            {
                0 => ActivityFault.Fails,
                1 => ActivityFault.RunsTwice,
                _ => ActivityFault.None,
            };
            var requests = 0;
            rig.Script.Act = async (payload, _, _) =>
            {
                if (random.Next(12) == 0)
                    await rig.OutsideAsync(() => AskAsync(rig, random, ++requests));
                rig.Time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 900)));
                return payload.Name[0] != 's' ? payload.Name : random.Next(25) switch
                {
                    0 => JobOutcome.Snooze(TimeSpan.FromSeconds(random.Next(1, 20))),
                    1 => throw new IOException("not yet"),
                    2 => throw new JobRejectedException("never"),
                    _ => payload.Name,
                };
            };

            var state = await rig.RunAsync();
            for (var round = 0; state.IsSuspended && round < 20; round++)
            {
                await rig.AskAsync(new WorkflowEvent.ResumeRequested());
                await rig.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
                state = await rig.StateAsync();
            }

            rig.GoOn.TrySetResult();
            await rig.Copy.InTime();
            Check($"seed {seed}, {state.Status} ({state.Reason}); {rig}", rig, state);
        }
    }

    private static void Check(string what, StrandRig rig, WorkflowState state)
    {
        Assert.True(state.Status.IsTerminal(), what);
        Assert.True(OrchestrationRuntimeStatus.Completed == rig.Engine.Find(JobPipeline.Tests.Rig.FlowRig.Id)!.Status, what);
        Assert.All(state.Steps, step => Assert.True(step.Slots.IsEmpty, what));
        for (var i = 0; i < Steps; i++)
        {
            var (done, undone) = (rig.Count($"s{i}", JobState.Succeeded), rig.Count($"s{i}", JobState.Succeeded, isUndo: true));
            Assert.True(done <= 1, $"{what}: step {i} has {done} successful jobs");
            if (state.Status == WorkflowStatus.Completed)
                Assert.True(done == 1, $"{what}: step {i} has not run");
            else if (state.Status != WorkflowStatus.Terminated)
                Assert.True(done == undone, $"{what}: step {i} ran {done} times and was undone {undone} times");
        }
    }

    private static async Task AskAsync(StrandRig rig, Random random, int number)
    {
        WorkflowEvent request = random.Next(6) switch
        {
            0 => new WorkflowEvent.TerminateRequested("stop"),
            1 or 2 => new WorkflowEvent.CancelRequested("enough"),
            3 or 4 => new WorkflowEvent.SuspendRequested($"lunch {number}"),
            _ => new WorkflowEvent.ResumeRequested(),
        };
        await rig.Workflows.RequestAsync(JobPipeline.Tests.Rig.FlowRig.Id, request, TestContext.Current.CancellationToken);
        // The orchestration has the request at once, or some time later.
        if (random.Next(2) == 0)
            await rig.Engine.RunDueAsync(TestContext.Current.CancellationToken);
    }
}
