using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>
/// Runs a definition to its end for a new golden history: running steps are answered in order, a second apart; every fifth
/// attempt fails the first time, every seventh answer arrives twice, and a list has one item more than may run at a time.
/// </summary>
internal sealed class HistoryRecorder(WorkflowDefinition definition)
{
    private const int FailsEvery = 5;
    private const int TwiceEvery = 7;

    private readonly WorkflowPlan _plan = new(definition);
    private readonly Queue<WorkflowEvent> _inbox = new([new WorkflowEvent.Started()]);
    private readonly List<WorkflowEffect.SetTimer> _timers = [];
    private readonly List<object> _entries = [];
    private DateTimeOffset _now = GoldenHistory.Start;
    private int _answers;

    /// <summary>Returns the text of the file.</summary>
    /// <param name="isRaised">Whether awaited events are raised; otherwise all waits time out.</param>
    public string Record(bool isRaised)
    {
        var state = WorkflowMachine.Create(_plan, "golden", _now);
        while (!state.Status.IsTerminal())
        {
            var happened = Next(state, isRaised);
            var turn = WorkflowMachine.Evolve(_plan, state, happened, _now);
            _entries.Add(new { After = _now - GoldenHistory.Start, Event = happened, turn.Effects });
            state = turn.State;
            foreach (var effect in turn.Effects)
                Take(effect);
        }

        var lines = string.Join(",\n", _entries.Select(entry => "    " + JsonSerializer.Serialize(entry, JobJson.Options)));
        var head =
            $"  \"machineVersion\": {WorkflowMachine.Version},\n  \"definition\": {JsonElement.Parse(WorkflowReader.Write(definition))},\n";
        return $"{{\n{head}  \"history\": [\n{lines}\n  ],\n  \"status\": {JsonSerializer.Serialize(state.Status, JobJson.Options)}\n}}\n";
    }

    private WorkflowEvent Next(WorkflowState state, bool isRaised)
    {
        if (_inbox.TryDequeue(out var next))
        {
            _now += TimeSpan.FromSeconds(_entries.Count == 0 ? 0 : 1);
            return next;
        }

        var waits = _plan
            .Definition.Steps.Where((step, place) => step.Action is WaitAction && state.Steps[place].Status == StepStatus.Running)
            .ToList();
        if (isRaised && waits.Count > 0)
            return new WorkflowEvent.Raised(((WaitAction)waits[0].Action).Event, $"event-{_entries.Count}");
        var timer = _timers.MinBy(timer => timer.At)
            ?? throw new InvalidOperationException($"'{_plan.Definition.Name}' waits for nothing and has not ended.");
        _timers.Remove(timer);
        _now = timer.At > _now ? timer.At : _now;
        return new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose);
    }

    private void Take(WorkflowEffect effect)
    {
        switch (effect)
        {
            case WorkflowEffect.Run run:
                WorkflowEvent answer = ++_answers % FailsEvery == 0 && run.Attempt.Attempt == 1
                    ? new WorkflowEvent.Failed(run.Attempt, "the line was dead", IsPermanent: false)
                    : new WorkflowEvent.Succeeded(run.Attempt);
                _inbox.Enqueue(answer);
                if (_answers % TwiceEvery == 0)
                    _inbox.Enqueue(answer);
                break;
            case WorkflowEffect.Expand expand:
                _inbox.Enqueue(
                    new WorkflowEvent.ItemsExpanded(
                        expand.Attempt,
                        ((ForEachAction)_plan[_plan.Find(expand.Attempt.Step)!.Value].Action).MaxParallel + 1));
                break;
            case WorkflowEffect.SetTimer timer:
                _timers.Add(timer);
                break;
            case WorkflowEffect.CancelTimer cancelled:
                _timers.RemoveAll(timer => timer.Attempt == cancelled.Attempt && timer.Purpose == cancelled.Purpose);
                break;
        }
    }
}
