using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Tests that a completed workflow instance fails when its output can't be computed.</summary>
public sealed class OutputFailedTests
{
    private static readonly WorkflowEvent NoOutput = new WorkflowEvent.OutputFailed("no output");

    [Fact]
    public void Evolve_AnyCompletedInstance_CompensatesItsStepsAndFails()
    {
        var compensated = 0;
        for (var seed = 0UL; seed < 400; seed++)
        {
            var draw = new Draw(seed);
            var history = new SimulatedWorld(RandomDefinitions.Of(8, draw), draw).Run();
            if (history.Entries[^1].Turn.State is not { Status: WorkflowStatus.Completed } state)
                continue;
            var due = state
                .Completed.Reverse()
                .Where(place => state.Steps[place].Status == StepStatus.Succeeded && history.Plan[place].Compensate is not null)
                .ToList();
            var (now, order) = (state.UpdatedAt, new List<int>());
            for (
                var turn = WorkflowMachine.Evolve(history.Plan, state, NoOutput, now);
                ;
                turn = WorkflowMachine.Evolve(history.Plan, state, Undone(turn), now))
            {
                state = turn.State;
                if (state.Status.IsTerminal())
                    break;
                order.Add(history.Plan.Find(turn.Effects.OfType<WorkflowEffect.Run>().Single().Attempt.Step)!.Value);
            }

            Assert.Equal((WorkflowStatus.Failed, "no output"), (state.Status, state.Reason));
            Assert.Equal(due, order);
            compensated += order.Count;
        }

        Assert.True(compensated > 20, $"only {compensated} steps were compensated");
    }

    private static WorkflowEvent Undone(WorkflowTurn turn) =>
        new WorkflowEvent.Succeeded(turn.Effects.OfType<WorkflowEffect.Run>().Single().Attempt);

    [Fact]
    public void Abort_AnyOpenInstance_EndsItAndStopsItsRunningSteps()
    {
        for (var seed = 0UL; seed < 400; seed++)
        {
            var draw = new Draw(seed);
            var history = new SimulatedWorld(RandomDefinitions.Of(8, draw), draw).Run();
            foreach (var state in history.Entries.Select(entry => entry.Turn.State))
            {
                var turn = WorkflowMachine.Abort(history.Plan, state, "can't go on", state.UpdatedAt);
                if (state.Status.IsTerminal())
                {
                    Assert.Same(state, turn.State);
                    continue;
                }

                Assert.Equal((WorkflowStatus.Failed, "can't go on"), (turn.State.Status, turn.State.Reason));
                Assert.All(turn.State.Steps, step => Assert.Empty(step.Slots));
                Assert.IsType<WorkflowEffect.End>(turn.Effects[^1]);
            }
        }
    }
}
