using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>The actor that starts the workflow and sends requests to it, and the checks of the final state.</summary>
internal sealed partial class FlowWorld
{
    private const string Approval = "\"yes\"";

    private async Task MeddleAsync(Actor actor, FlowWiring wiring)
    {
        actor.Begin();
        var workflows = wiring.Workflows;
        var definition = FlowWiring.Read("flow", _scenario.Definition, OutputOf());
        await InsistAsync(actor, () => workflows.StartAsync(definition, Id, Json("""{ "list": [1, 2, 3] }"""), null, default));
        switch (_scenario.Meddling)
        {
            case Meddling.Raise:
                await _scheduler.StepAsync(actor, "decide to raise", mayFail: false);
                await InsistAsync(actor, async () =>
                    await workflows.RaiseAsync(Id, "approved", Json(Approval), default) == RaiseOutcome.Accepted);
                break;
            case Meddling.Cancel:
                await _scheduler.StepAsync(actor, "decide to cancel", mayFail: false);
                await InsistAsync(actor, () => workflows.RequestAsync(Id, new WorkflowEvent.CancelRequested("enough"), default));
                break;
            case Meddling.TerminateAndRerun:
                await _scheduler.StepAsync(actor, "decide to terminate", mayFail: false);
                await InsistAsync(actor, () => workflows.RequestAsync(Id, new WorkflowEvent.TerminateRequested("stop"), default));
                await _scheduler.StepAsync(actor, "decide to run again", mayFail: false, () => Stored().State.Status.IsTerminal());
                await InsistAsync(actor, () => workflows.RerunAsync(Id, default));
                break;
        }

        actor.End();
    }

    /// <summary>Repeats the request until it is answered, as a person or a job would.</summary>
    private async Task InsistAsync(Actor actor, Func<Task<bool>> ask)
    {
        while (true)
        {
            try
            {
                _history.Note($"{actor.Name} received {await ask()}");
                return;
            }
            catch (InjectedFaultException)
            {
                _history.Note($"{actor.Name} tries again");
            }
        }
    }

    private string OutputOf()
    {
        using var steps = JsonDocument.Parse($"{{ {_scenario.Definition} }}");
        return $"${{{{ steps.{steps.RootElement.EnumerateObject().Last().Name}.output }}}}";
    }

    private WorkflowInstance Stored() => _storage.Instances.ReadAsync(Id, default).Result!;

    /// <summary>The number of worker crashes after which a job becomes a dead letter.</summary>
    private const int MaxWorkerCrashes = 3;

    private void Judge()
    {
        foreach (var listed in _storage.Instances.ListAsync(new WorkflowFilter(), null, IWorkflowStore.MaxLimit, default).Result.Instances)
        {
            var instance = _storage.Instances.ReadAsync(listed.Id, default).Result!;
            if (!instance.State.Status.IsTerminal())
                throw _history.Broken($"instance {instance.Id} is {instance.State.Status}, and nothing will advance it");
            if (instance.Outbox.Count > 0)
                throw _history.Broken($"the outbox of {instance.Id} was not emptied");
            JudgeSteps(instance);
        }

        var open = new InMemoryOpenJobList(_storage.Jobs);
        for (var hour = open.FindOldestAsync(default).Result; hour <= _time.GetUtcNow(); hour = hour.Value.AddHours(1))
        {
            if (open.ListAsync(hour.Value, null, 1, default).Result.Jobs is [var job, ..])
                throw _history.Broken($"job {job.Id} is {job.State}, and nothing will process it");
        }

        if (_storage.DeadLetters.All().FirstOrDefault(letter => letter.Reason == DeadLetterReason.ForgedIdentity) is { } refused)
            throw _history.Broken($"the message of a step was refused: {refused.Detail}");
        var ended = Stored();
        // Each of these disturbances may crash a worker that runs the same job.
        var mayBeTooMany = _scenario.Disturbances >= MaxWorkerCrashes || _scenario.Poison is not null;
        if (mayBeTooMany && ended.State.Reason?.Contains("workers crashed", StringComparison.Ordinal) == true)
            return;
        if (!_scenario.Ends.Contains(ended.State.Status) && !(ended.State.Status == WorkflowStatus.Terminated && _history.Terminations > 1))
            throw _history.Broken($"it ended as {ended.State.Status}: {ended.State.Reason}");
        if (
            ended.State.Status == WorkflowStatus.Completed
            && _scenario.Output is { } expected
            && ValueOf(Id, WorkflowDataName.Output) != expected)
            throw _history.Broken($"it returned {ValueOf(Id, WorkflowDataName.Output)}, not {expected}");
    }

    /// <summary>Checks that the output of each succeeded step is that of the attempt whose success was recorded.</summary>
    private void JudgeSteps(WorkflowInstance instance)
    {
        foreach (var (step, state) in instance.Definition.Steps.Zip(instance.State.Steps))
        {
            if (state.Status != StepStatus.Succeeded || _history.CountingOf(instance.Id, step.Id) is not { } run)
                continue;
            var output = ValueOf(instance.Id, WorkflowDataName.Step(step.Id));
            var expected = step.Action switch
            {
                JobAction => $"\"{Given(run)}\"",
                WaitAction => _history.Taken.Count > 0 ? Approval : null,
                _ => output,
            };
            if (output != expected)
                throw _history.Broken($"step {step.Id} has the output {output ?? "nothing"}, expected {expected ?? "nothing"}");
        }

        if (
            instance is { State.Status: WorkflowStatus.Completed, Definition.Steps: [.., { Action: JobAction or WaitAction } last] }
            && ValueOf(instance.Id, WorkflowDataName.Output) is var returned
            && returned != (ValueOf(instance.Id, WorkflowDataName.Step(last.Id)) ?? "null"))
        {
            throw _history.Broken(
                $"{instance.Id} returned {returned}, but its last step gave {ValueOf(instance.Id, WorkflowDataName.Step(last.Id))}");
        }
    }

    private string? ValueOf(string instance, WorkflowDataName name) =>
        _storage.Values.ReadAsync(instance, name, default).Result is { } value ? Encoding.UTF8.GetString(value.Span) : null;
}
