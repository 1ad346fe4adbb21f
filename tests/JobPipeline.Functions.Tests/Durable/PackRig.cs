using System.Text;
using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>
/// A fan-out in packs on the double of the engine, with activities that answer at random: items succeed, fail, are deferred or are
/// handed back, workers die, and users send requests. It keeps its own account of the items.
/// </summary>
internal sealed class PackRig
{
    private const int MaxAttempts = 3;

    private readonly VirtualTimeProvider _time = new();
    private readonly Random _random;
    private readonly Dictionary<(int Item, int Attempt), string> _records = [];
    private readonly int _items;
    private readonly int _maxParallel;
    private int _out;

    public PackRig(int seed)
    {
        _random = new Random(seed);
        _items = _random.Next(0, 120);
        _maxParallel = _random.Next(1, 12);
        var mostPerPack = _random.Next(2, 20);
        Engine = new OrchestrationDouble(_time)
        {
            CutsTimersDown = true, Choose = count => _random.Next(count), EventsPerTurn = _random.Next(1, 4), Fault = _ => Fault(),
        };
        Engine.AddOrchestrator(WorkflowOrchestrator.Name, async context => await WorkflowOrchestrator.RunAsync(context));
        Engine.AddActivity(InstanceActivities.Expand, input => Task.FromResult<object?>(OrchestrationJson.Write<WorkflowEvent>(
            new WorkflowEvent.ItemsExpanded(Read<StepAttemptInput>(input).Run, _items) { PerPack = mostPerPack })));
        Engine.AddActivity(ItemActivities.Run, input => RunPack(Read<StepPackInput>(input)));
        Engine.AddActivity(ItemActivities.Stop, input => StopItems(Read<StepPackInput>(input).Items.Select(item => item.Run)));
        Engine.AddActivity(RunStepActivity.Name, input => RunOne(Read<StepAttemptInput>(input)));
        Engine.AddActivity(InstanceActivities.Stop, input => StopItems([Read<StepAttemptInput>(input).Run]));
        Engine.AddActivity(InstanceActivities.Save, _ => Task.FromResult<object?>(null));
        Engine.AddActivity(InstanceActivities.End, input =>
        {
            End = Read<WorkflowState>(input);
            return Task.FromResult<object?>(null);
        });
    }

    public OrchestrationDouble Engine { get; }

    public WorkflowState? End { get; private set; }

    public int Items => _items;

    public int MaxParallel => _maxParallel;

    /// <summary>The highest number of packs and single items that were outside at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The items that were recorded as succeeded.</summary>
    public int Succeeded => _records.Where(record => record.Value == "succeeded").Select(record => record.Key.Item).Distinct().Count();

    /// <summary>The items that succeeded more than once.</summary>
    public int Repeated => _records
        .Where(record => record.Value == "succeeded")
        .GroupBy(record => record.Key.Item)
        .Count(item => item.Count() > 1);

    public bool WasAsked { get; private set; }

    public async Task RunAsync(int itemsPerSlice)
    {
        var definition = WorkflowReader.Read(Encoding.UTF8.GetBytes(Flow($$"""
            "all": {
              "forEach": { "items": "x", "maxParallel": {{_maxParallel}}, "job": "flow.quick", "payload": { "name": "x" } },
              "retry": { "maxAttempts": {{MaxAttempts}}, "backoff": { "kind": "fixed", "base": "00:00:02" } }
            }
            """)), out _)!;
        var instance = WorkflowInstance.Create(definition, "one", null, null, _time.GetUtcNow(), itemsPerSlice);
        Engine.TryStart(
            WorkflowOrchestrator.Name,
            "one",
            DurableJson.Write(OrchestrationJson.Write(OrchestrationInput.Of(instance, Interpreter.Version)), DurableJson.Default));
        for (var round = 0; End is null; round++)
        {
            Assert.True(round < 20, "the workflow instance does not end");
            await Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
            // Only a suspended workflow instance waits.
            if (End is null)
                Send(new WorkflowEvent.ResumeRequested($"last{round}"));
        }
    }

    private Task<object?> RunPack(StepPackInput pack)
    {
        Assert.True(pack.Items.Count > 0);
        Assert.Equal(pack.Items.Select(item => item.Run.Item).Order(), pack.Items.Select(item => item.Run.Item));
        var events = new List<WorkflowEvent>();
        var isOver = false;
        Within(() =>
        {
            foreach (var item in pack.Items)
            {
                isOver |= _random.Next(30) == 0;
                var happened = isOver ? new WorkflowEvent.NotStarted(item.Run) : RunItem(item.Run);
                isOver |= happened is not WorkflowEvent.Succeeded;
                events.Add(happened);
                MaybeAsk();
            }
        });
        return Task.FromResult<object?>(OrchestrationJson.Write<IReadOnlyList<WorkflowEvent>>(events));
    }

    private Task<object?> RunOne(StepAttemptInput order)
    {
        WorkflowEvent? happened = null;
        Within(() => happened = RunItem(order.Run));
        return Task.FromResult<object?>(OrchestrationJson.Write(happened!));
    }

    private void Within(Action work)
    {
        MostAtOnce = Math.Max(MostAtOnce, ++_out);
        work();
        _out--;
    }

    /// <summary>Like a job: its ending is on record, and a repeated call answers it.</summary>
    private WorkflowEvent RunItem(StepRun run)
    {
        var key = (run.Item!.Value, run.Attempt);
        if (!_records.TryGetValue(key, out var record))
        {
            var draw = _random.Next(20);
            if (draw == 0 && run.Deferrals < 3)
                return new WorkflowEvent.Deferred(run, _time.GetUtcNow().AddSeconds(3));
            _records.Add(key, record = draw is 1 or 2 ? "failed" : "succeeded");
        }

        return record == "succeeded"
            ? new WorkflowEvent.Succeeded(run)
            : new WorkflowEvent.Failed(run, record, IsPermanent: record == "stopped" || _random.Next(10) == 0);
    }

    private Task<object?> StopItems(IEnumerable<StepRun> runs)
    {
        foreach (var run in runs)
            _records.TryAdd((run.Item!.Value, run.Attempt), "stopped");
        return Task.FromResult<object?>(null);
    }

    private void MaybeAsk()
    {
        var request = _random.Next(400) switch
        {
            0 => new WorkflowEvent.CancelRequested("enough", "c"),
            1 => new WorkflowEvent.TerminateRequested("stop", "t"),
            2 or 3 => new WorkflowEvent.SuspendRequested("lunch", $"s{_random.Next(5)}"),
            4 or 5 => new WorkflowEvent.ResumeRequested($"r{_random.Next(5)}"),
            _ => (WorkflowEvent?)null,
        };
        if (request is not null)
            Send(request);
    }

    private void Send(WorkflowEvent request)
    {
        WasAsked |= request is WorkflowEvent.CancelRequested or WorkflowEvent.TerminateRequested;
        var text = DurableJson.Write(OrchestrationJson.Write(request), DurableJson.Default);
        Engine.TrySend("one", new HistoryEntry.Raised(Signals.Name, text));
    }

    /// <summary>A worker dies before or after its work: the activity fails or runs twice.</summary>
    private ActivityFault Fault() => _random.Next(40) switch
    {
        0 => ActivityFault.Fails,
        1 => ActivityFault.RunsTwice,
        _ => ActivityFault.None,
    };

    private static T Read<T>(string? input) => OrchestrationJson.Read<T>(DurableJson.Read<string>(input, DurableJson.Default)!);
}
