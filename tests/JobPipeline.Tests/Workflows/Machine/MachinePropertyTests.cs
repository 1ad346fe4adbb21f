using System.Text.Json;
using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

public sealed class MachinePropertyTests
{
    private const int Graphs = 20_000;

    /// <summary>One in this many histories is replayed through JSON; the others from memory, which is much cheaper.</summary>
    private const int ByJson = 8;

    [Fact]
    public void Evolve_AnyGraphInAnyWorld_KeepsEveryRuleAndReplays() => Gen.Select(Gen.Int[1, 9], Gen.ULong).Sample(
        (steps, seed) =>
        {
            var draw = new Draw(seed);
            var history = new SimulatedWorld(RandomDefinitions.Of(steps, draw), draw).Run();
            Replay(history, byJson: draw.OneIn(ByJson));
        },
        iter: Graphs);

    /// <summary>A slice of a fan-out is a separate machine with the same rules.</summary>
    [Fact]
    public void Evolve_AnySliceInAnyWorld_KeepsEveryRuleAndCountsItsItems() =>
        Gen.ULong.Sample(
            seed =>
            {
                var draw = new Draw(seed);
                var (slice, history) = RunSlice(draw);
                Replay(history, byJson: draw.OneIn(ByJson));
                var end = history.Entries[^1].Turn.State;
                var items = history
                    .Entries.Select(entry => entry.Event)
                    .OfType<WorkflowEvent.Succeeded>()
                    .Select(succeeded => succeeded.Run.Item)
                    .Distinct()
                    .Count();
                var told = slice.Ended(end);
                Assert.InRange(told.Done, 0, Math.Min(slice.Count, items));
                Assert.True(end.Status != WorkflowStatus.Completed || told.Done == slice.Count);
                Assert.Equal(end.Status == WorkflowStatus.Completed, told.Error is null);
                var started = history
                    .Entries.SelectMany(entry => entry.Turn.Effects)
                    .OfType<WorkflowEffect.Run>()
                    .Select(run => run.Attempt.Item!.Value)
                    .ToList();
                Assert.All(started, item => Assert.InRange(item, slice.Run.Item!.Value, slice.Run.Item.Value + slice.Count - 1));
            },
            iter: Graphs / 4);

    /// <summary>Checks the coverage of the worlds, without which the rules would hold trivially.</summary>
    [Fact]
    public void Worlds_OfManySeeds_ReachEveryFinalStatusAndEveryKindOfEffect()
    {
        var entries = Enumerable
            .Range(0, 1_000)
            .Select(seed => new Draw((ulong)seed))
            .SelectMany(draw =>
                new SimulatedWorld(RandomDefinitions.Of(8, draw), draw).Run().Entries.Concat(RunSlice(draw).History.Entries))
            .ToList();
        Assert.Equal(Enum.GetValues<WorkflowStatus>(), entries.Select(entry => entry.Turn.State.Status).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<StepStatus>(),
            entries.SelectMany(entry => entry.Turn.State.Steps).Select(step => step.Status).Distinct().Order());
        Assert.Equal(
            Kinds<WorkflowEffect>(),
            entries.SelectMany(entry => entry.Turn.Effects).Select(effect => effect.GetType().Name).Distinct().Order(StringComparer.Ordinal)
        );
        // OutputFailedTests covers failing outputs.
        Assert.Equal(
            Kinds<WorkflowEvent>().Where(kind => kind != nameof(WorkflowEvent.OutputFailed)),
            entries
                .Where(entry =>
                    entry.Turn.Effects.Count > 0 || entry.Event is WorkflowEvent.SuspendRequested or WorkflowEvent.HaltRequested)
                .Select(entry => entry.Event?.GetType().Name)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal));
        Assert.Contains(entries, entry => entry.Turn.State.Generation > 1);
    }

    private static (WorkflowSlice Slice, WorkflowHistory History) RunSlice(Draw draw)
    {
        var step = RandomDefinitions.FanOut(draw);
        var slice = new WorkflowSlice(new StepRun(step.Id, 1, draw.Below(20)), 1 + draw.Below(6), 1 + draw.Below(3));
        return (slice, new SimulatedWorld(new WorkflowDefinition("any", 1, [step]), draw, slice).Run());
    }

    private static IEnumerable<string> Kinds<T>() =>
        typeof(T).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(T))).Select(type => type.Name).Order(StringComparer.Ordinal);

    private static void Replay(WorkflowHistory history, bool byJson)
    {
        var state = history.First;
        foreach (var entry in history.Entries)
        {
            var turn = entry.Event is null ? WorkflowMachine.Rerun(history.Plan, state, entry.At)
                : WorkflowMachine.Evolve(history.Plan, byJson ? Copy(state) : state, byJson ? Copy(entry.Event) : entry.Event, entry.At);
            var effects = byJson ? turn.Effects.Select(Copy) : turn.Effects;
            // The comparison with an explanation is slow.
            if (!entry.Turn.Effects.SequenceEqual(effects))
                Assert.Equal(entry.Turn.Effects, effects);
            state = turn.State;
            if (byJson)
                Assert.Equal(Json(entry.Turn.State), Json(state));
        }

        Assert.Equal(Json(history.Entries[^1].Turn.State), Json(state));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JobJson.Options);

    private static T Copy<T>(T value) => JsonSerializer.Deserialize<T>(Json(value), JobJson.Options)!;
}
