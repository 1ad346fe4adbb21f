using System.Text;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>The record of all writes and handler starts, checked against the guarantees as they happen.</summary>
internal sealed class FlowHistory(FlowScenario scenario, Func<DateTimeOffset> now)
{
    private readonly List<string> _log = [];
    private readonly HashSet<(string Instance, string Step, int Generation)> _succeeded = [];
    private readonly Dictionary<(string Instance, string Step), StepRun> _counting = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The first violation.</summary>
    public BrokenPromiseException? Failure { get; private set; }

    /// <summary>A caller without a response repeats its request, which may reach the next run.</summary>
    public int Terminations { get; private set; }

    /// <summary>The ids of the events that steps have consumed.</summary>
    public IReadOnlyCollection<string> Taken => _taken;

    public void Note(string what) => _log.Add($"{now():mm:ss} {what}");

    public void Fault(string what) => Note($"FAULT {what}");

    /// <summary>The attempt whose success was recorded; null when the step has not succeeded.</summary>
    public StepRun? CountingOf(string instance, string step) => _counting.GetValueOrDefault((instance, step));

    public void Written(Actor actor, WorkflowInstance? before, WorkflowInstance after, bool isWritten)
    {
        var steps = string.Join(
            ' ',
            after.Definition.Steps.Zip(after.State.Steps).Select(entry => $"{entry.First.Id}:{entry.Second.Status}"));
        Note(
            $"{actor.Name} {(isWritten ? "saved" : "could not save")} {after.Id[^4..]} {after.State.Status} [{steps}]"
                + $" outbox {string.Join(' ', after.Outbox.Select(effect => effect.GetType().Name))}");
        if (!isWritten || before is null)
            return;
        if (
            before.State.Status.IsTerminal()
            && after.State.Generation == before.State.Generation
            && !ReferenceEquals(before.State, after.State)
            && before.State != after.State)
            throw Broken("an ended instance was changed");
        foreach (var effect in after.Outbox.OfType<WorkflowEffect.TakeEvent>())
            _taken.Add(effect.EventId);
        foreach (var (step, (was, now)) in after.Definition.Steps.Zip(before.State.Steps.Zip(after.State.Steps)))
        {
            if (now.Slots.Length > scenario.MaxParallel && step.Action is ForEachAction)
                throw Broken($"{now.Slots.Length} items run at a time");
            if (was.Status == StepStatus.Running && now.Status == StepStatus.Succeeded)
                Succeeded(after, step, was.Slots);
        }
    }

    public void Started(Actor actor, string instance, StepRun run, WorkflowInstance? stored)
    {
        Note($"{actor.Name} started {run.Step}#{run.Attempt}@{run.Generation} item {run.Item}");
        if (run.IsCompensation || stored is null || stored.State.Generation != run.Generation || run.Item is not null)
            return;
        var place = stored.Definition.Steps.Select(step => step.Id).ToList().IndexOf(run.Step);
        if (stored.State.Steps[place].Status == StepStatus.Succeeded)
            throw Broken($"step {run.Step} was run again after its success was recorded");
    }

    /// <summary>Checks that an item that kills its process harms no other more often than they started together.</summary>
    public void Died(StepRun run, int deaths)
    {
        Note($"{deaths} deaths of {run.Step} item {run.Item}");
        if (scenario.Poison is not null && run.Item != scenario.Poison && deaths > 1 + scenario.Disturbances)
            throw Broken($"item {run.Item} died {deaths} times by another item");
    }

    public void Sent(Actor actor, string queue, ReadOnlyMemory<byte> body, TimeSpan delay)
    {
        if (queue == WorkflowEvents.Queue && WorkflowEvents.Read(body).Event is WorkflowEvent.TerminateRequested)
            Terminations++;
        var wait = delay > TimeSpan.Zero ? $" in {delay.TotalSeconds} s" : "";
        Note($"{actor.Name} sent to {queue}{wait}: {(queue == WorkflowEvents.Queue ? Encoding.UTF8.GetString(body.Span) : "a job")}");
    }

    /// <summary>Stores the failure in addition to throwing it, because the product survives exceptions of its storage.</summary>
    public BrokenPromiseException Broken(string promise) => Failure ??= new BrokenPromiseException($"{promise} ({scenario})", _log);

    private void Succeeded(WorkflowInstance instance, WorkflowStep step, IReadOnlyList<Slot> slots)
    {
        if (!_succeeded.Add((instance.Id, step.Id, instance.State.Generation)))
            throw Broken($"the completion of step {step.Id} was recorded twice");
        if (slots is [{ Item: null } slot])
            _counting[(instance.Id, step.Id)] = new StepRun(step.Id, slot.Attempt, Generation: instance.State.Generation);
    }
}
