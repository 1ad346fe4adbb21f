using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>
/// Compares the table of docs/workflows.md with the machine: it names every event, and exactly the rows that state "Nothing" have no
/// effect.
/// </summary>
public sealed class DecisionTableTests
{
    private static readonly IReadOnlyList<string[]> Table = MarkdownTable.Read("docs/workflows.md", "Event");
    private static readonly DateTimeOffset Now = SimulatedWorld.Start;
    private static readonly StepRun Run = new("a", 1);
    private static readonly StepRun Later = Run with { Deferrals = 1 };

    private static readonly WorkflowPlan Plan = new(new WorkflowBuilder("w")
        .Job("a", "do", step: step => step.Retry(2).Timeout(TimeSpan.FromMinutes(1)))
        .ForEach("list", "${{ input }}", "do")
        .WaitFor("wait", "approved")
        .Job("after", "do", step: step => step.Needs("a"))
        .Job("early", "do", step: step => step.Needs("before").Compensate("undo"))
        .Delay("before", TimeSpan.FromMinutes(1))
        .Build());

    private static readonly WorkflowEvent Suspend = new WorkflowEvent.SuspendRequested("lunch");
    private static readonly WorkflowEvent Cancel = new WorkflowEvent.CancelRequested("enough");

    private static readonly WorkflowEvent Packs = new WorkflowEvent.ItemsExpanded(new StepRun("list", 1), 16) { PerPack = 2 };

    private const string Sliced = "a fan-out in slices";
    private const string Packed = "a fan-out in packs";
    private const string StoppingPack = "a fan-out in packs that is stopped";
    private const string StoppingSlice = "a fan-out in slices that is stopped";

    /// <summary>The events that lead an instance into each state of the table.</summary>
    private static readonly Dictionary<string, WorkflowEvent[]> Ways = new(StringComparer.Ordinal)
    {
        ["fresh"] = [],
        ["runs"] = [new WorkflowEvent.Started()],
        ["waits"] = [new WorkflowEvent.Started(), new WorkflowEvent.Deferred(Run, Now)],
        ["held"] =
        [
            new WorkflowEvent.Started(),
            new WorkflowEvent.Deferred(Run, Now),
            Suspend,
            new WorkflowEvent.TimerFired(Later, TimerPurpose.Start),
        ],
        ["stopping"] = [new WorkflowEvent.Started(), Cancel],
        ["gone"] = [new WorkflowEvent.Started(), new WorkflowEvent.Succeeded(Run)],
        ["suspended"] = [new WorkflowEvent.Started(), Suspend],
        ["cancelling"] = [new WorkflowEvent.Started(), Cancel],
        ["compensating"] =
        [
            new WorkflowEvent.Started(),
            new WorkflowEvent.TimerFired(new StepRun("before", 1), TimerPurpose.Delay),
            new WorkflowEvent.Succeeded(new StepRun("early", 1)),
            Cancel,
            new WorkflowEvent.Failed(Run, "stopped", IsPermanent: true),
        ],
        [Sliced] = [new WorkflowEvent.Started(), new WorkflowEvent.ItemsExpanded(new StepRun("list", 1), 9)],
        [StoppingSlice] = [new WorkflowEvent.Started(), new WorkflowEvent.ItemsExpanded(new StepRun("list", 1), 9), Cancel],
        [Packed] = [new WorkflowEvent.Started(), Packs],
        [StoppingPack] = [new WorkflowEvent.Started(), Packs, Cancel],
        ["completed"] =
        [
            new WorkflowEvent.Started(),
            new WorkflowEvent.Succeeded(Run),
            new WorkflowEvent.Succeeded(new StepRun("after", 1)),
            new WorkflowEvent.ItemsExpanded(new StepRun("list", 1), 0),
            new WorkflowEvent.Raised("approved", "e-0"),
            new WorkflowEvent.TimerFired(new StepRun("before", 1), TimerPurpose.Delay),
            new WorkflowEvent.Succeeded(new StepRun("early", 1)),
        ],
        ["ended"] = [new WorkflowEvent.Started(), new WorkflowEvent.TerminateRequested("enough")],
    };

    [Fact]
    public void Table_InTheDocument_NamesEveryEventAndNoOther() =>
        Assert.Equal(
            typeof(WorkflowEvent)
                .GetNestedTypes()
                .Where(type => type.IsSubclassOf(typeof(WorkflowEvent)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            Table
                .SelectMany(row => row[0].Split(", "))
                .Where(name => name != "every")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void EveryRow_OfTheTable_MatchesTheMachine() => Assert.All(Table, row =>
        {
            foreach (
                var name in row[0] == "every"
                    ? Table.SelectMany(other => other[0].Split(", ")).Where(other => other != "every").Distinct(StringComparer.Ordinal)
                    : row[0].Split(", "))
            {
                foreach (var way in WaysOf(name, row[1], row[2]))
                {
                    var changes = Events(name, way).Select(happened => Changes(way, happened)).ToList();
                    Assert.True(
                        row[3] == "Nothing" ? changes.TrueForAll(changed => !changed) : changes.Contains(true),
                        $"{name} on one that is {way}: {row[3]}");
                }
            }
        });

    private static IEnumerable<string> WaysOf(string name, string instance, string attempt) =>
        (instance, attempt) switch
        {
            ("ended", _) => ["ended"],
            (_, "runs") when name == nameof(WorkflowEvent.NotStarted) => [Packed],
            (_, "stopping") when name == nameof(WorkflowEvent.NotStarted) => [StoppingPack],
            (_, "runs") when name == nameof(WorkflowEvent.SliceEnded) => [Sliced],
            (_, "stopping") when name == nameof(WorkflowEvent.SliceEnded) => [StoppingSlice],
            ("running", _) when name == nameof(WorkflowEvent.HaltRequested) => [Sliced],
            ("running", _) when name == nameof(WorkflowEvent.Started) => ["fresh"],
            ("running", _) => ["runs"],
            ("open", "-") when name == nameof(WorkflowEvent.ResumeRequested) => ["suspended"],
            ("open", "-") => ["runs", "cancelling", "compensating"],
            (_, "-") => instance.Split(", "),
            _ => attempt.Split(", "),
        };

    private static bool Changes(string way, WorkflowEvent happened)
    {
        var state = WorkflowMachine.Create(Plan, "w-1", Now, itemsPerSlice: way is Packed or StoppingPack ? 0 : 2);
        foreach (var step in Ways[way])
            state = WorkflowMachine.Evolve(Plan, state, step, Now).State;
        var turn = WorkflowMachine.Evolve(Plan, state, happened, Now.AddSeconds(1));
        Assert.Equal(ReferenceEquals(state, turn.State), turn.Effects.Count == 0 && Equals(state, turn.State));
        return !ReferenceEquals(state, turn.State);
    }

    /// <summary>Returns the variants of the event for the step attempt that the way concerns.</summary>
    private static IEnumerable<WorkflowEvent> Events(string name, string way)
    {
        var run = way is "waits" or "held" ? Later : Run;
        return name switch
        {
            nameof(WorkflowEvent.Started) => [new WorkflowEvent.Started()],
            nameof(WorkflowEvent.ItemsExpanded) => [new WorkflowEvent.ItemsExpanded(way == "runs" ? new StepRun("list", 1) : run, 3)],
            nameof(WorkflowEvent.Succeeded) => [new WorkflowEvent.Succeeded(run)],
            nameof(WorkflowEvent.Failed) => [new WorkflowEvent.Failed(run, "unplugged", IsPermanent: false)],
            nameof(WorkflowEvent.Deferred) => [new WorkflowEvent.Deferred(run, Now.AddMinutes(1))],
            nameof(WorkflowEvent.TimerFired) =>
            [
                .. Enum.GetValues<TimerPurpose>()
                    .Select(purpose => new WorkflowEvent.TimerFired(purpose == TimerPurpose.Timeout ? Run : run, purpose)),
            ],
            nameof(WorkflowEvent.NotStarted) =>
            [
                new WorkflowEvent.NotStarted(way is Packed or StoppingPack ? new StepRun("list", 1, 0) : run),
            ],
            nameof(WorkflowEvent.SliceEnded) =>
            [
                new WorkflowEvent.SliceEnded(way == Sliced || way == StoppingSlice ? new StepRun("list", 1, 0) : run, 2, 1, "unplugged"),
            ],
            nameof(WorkflowEvent.HaltRequested) => [new WorkflowEvent.HaltRequested()],
            nameof(WorkflowEvent.OutputFailed) => [new WorkflowEvent.OutputFailed("no output")],
            nameof(WorkflowEvent.Raised) => [new WorkflowEvent.Raised("approved", "e-1")],
            nameof(WorkflowEvent.CancelRequested) => [Cancel],
            nameof(WorkflowEvent.TerminateRequested) => [new WorkflowEvent.TerminateRequested("enough")],
            nameof(WorkflowEvent.SuspendRequested) => [Suspend],
            nameof(WorkflowEvent.ResumeRequested) => [new WorkflowEvent.ResumeRequested()],
            _ => throw new InvalidOperationException($"{name} is not an event."),
        };
    }
}
