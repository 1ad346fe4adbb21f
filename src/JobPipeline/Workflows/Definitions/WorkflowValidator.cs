using System.Text.RegularExpressions;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Validates definitions and reports all errors at once, each with its path.</summary>
/// <param name="jobs">The known job types.</param>
/// <param name="evaluator">The evaluator that checks the syntax of expressions.</param>
internal sealed partial class WorkflowValidator(JobRegistry jobs, IExpressionEvaluator evaluator)
{
    private const int MaxNameLength = 100;
    private const int MaxIdLength = 60;
    private static readonly string NameRule =
        $"use letters, digits, '.', '_' and '-', beginning with a letter or digit, not ending with '.', at most {MaxNameLength} characters";

    private readonly PayloadRules _payloads = new(jobs);
    private readonly ExpressionRules _expressions = new(evaluator);

    /// <summary>Returns the validation errors of a definition; empty if it can run.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="workflows">The names of the workflows that may be used as children; null to skip that check.</param>
    public IReadOnlyList<FieldFault> Validate(WorkflowDefinition definition, IReadOnlyCollection<string>? workflows = null)
    {
        var faults = new List<FieldFault>();
        if (definition.Name.Length > MaxNameLength || !JobSpecRules.IsTypeName(definition.Name) || definition.Name.EndsWith('.'))
            faults.Add(new FieldFault("name", $"'{definition.Name}' is not a valid workflow name: {NameRule}"));
        if (definition.Version < 1)
            faults.Add(new FieldFault("version", "must be 1 or more"));
        if (definition.Steps.Count is 0 or > WorkflowDefinition.MaxSteps)
            faults.Add(new FieldFault("steps", $"must have 1 to {WorkflowDefinition.MaxSteps} steps; it has {definition.Steps.Count}"));
        foreach (var duplicate in definition.Steps.GroupBy(step => step.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add(new FieldFault($"steps.{duplicate.Key}", "more than one step has this id"));
        if (faults.Exists(fault => fault.Field.StartsWith("steps", StringComparison.Ordinal)))
            return faults;
        if (DefinitionBounds.FaultOf(definition) is { } outOfBounds)
            return [.. faults, outOfBounds];

        var graph = new StepGraph(definition.Steps);
        faults.AddRange(graph.Faults());
        foreach (var step in definition.Steps)
            CheckStep(step, graph, workflows, faults);
        if (definition.Output is { } output)
            faults.AddRange(_expressions.Faults("output", output, Sight.OfAll(graph)));
        return faults;
    }

    private void CheckStep(WorkflowStep step, StepGraph graph, IReadOnlyCollection<string>? workflows, List<FieldFault> faults)
    {
        var path = $"steps.{step.Id}";
        if (!IdShape().IsMatch(step.Id) || step.Id.Length > MaxIdLength)
        {
            faults.Add(new FieldFault(
                path,
                $"'{step.Id}' is not a valid step id: use a letter, then letters, digits and '_', at most {MaxIdLength} characters"));
        }

        if (step.When == TriggerRule.AnyFailed && step.Needs.Count == 0)
            faults.Add(new FieldFault($"{path}.when", "can never be true: the step has no 'needs' that could fail"));
        if (step.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > JobLimits.MaxDelay))
            faults.Add(new FieldFault($"{path}.timeout", $"must be above zero and at most {JobLimits.MaxDelay:c}"));
        if (step.Retry.MaxAttempts is < 1 or > JobLimits.MaxAttempts)
            faults.Add(new FieldFault($"{path}.retry.maxAttempts", $"must be from 1 to {JobLimits.MaxAttempts}"));
        if (step.Retry.Backoff is { Kind: BackoffKind.Listed, Delays.Count: 0 or > RetrySchedule.MaxDelays })
            faults.Add(new FieldFault($"{path}.retry.backoff.delays", $"must have 1 to {RetrySchedule.MaxDelays} entries"));
        if (step.Retry.Backoff is { Kind: not BackoffKind.Listed } backoff && backoff.Base > backoff.Cap)
            faults.Add(new FieldFault($"{path}.retry.backoff.base", $"must not be longer than the cap, {backoff.Cap:c}"));
        if (step.Action is WaitAction or DelayAction && step.Retry.MaxAttempts > 1)
            faults.Add(new FieldFault($"{path}.retry", "a step that only waits can't be retried"));
        if (step is { Action: WaitAction { OnTimeout: TimeoutRule.Continue }, Timeout: null })
            faults.Add(new FieldFault($"{path}.onTimeout", "has no effect: the step has no timeout"));
        if (step.Action is DelayAction && step.Timeout is not null)
            faults.Add(new FieldFault($"{path}.timeout", "is not allowed with delay"));
        var sight = Sight.Of(graph, step.Id);
        CheckAction(path, step.Action, sight, workflows, faults);
        if (step.Compensate is not { } undo)
            return;
        if (step.Action is WaitAction or DelayAction)
            faults.Add(new FieldFault($"{path}.compensate", "a step that only waits can't be compensated"));
        // A compensation may use the output of its step.
        CheckAction($"{path}.compensate", undo, sight.With(step.Id), workflows, faults);
    }

    private void CheckAction(string path, StepAction action, Sight sight, IReadOnlyCollection<string>? workflows, List<FieldFault> faults)
    {
        switch (action)
        {
            case JobAction job:
                faults.AddRange(_expressions.Faults($"{path}.payload", job.Payload, sight));
                faults.AddRange(_payloads.Faults(path, job));
                break;
            case ChildAction child:
                faults.AddRange(_expressions.Faults($"{path}.input", child.Input, sight));
                if (workflows is not null && !workflows.Contains(child.Name, StringComparer.Ordinal))
                {
                    faults.Add(new FieldFault(
                        $"{path}.workflow",
                        $"workflow '{child.Name}' does not exist{NearestName.Hint(child.Name, workflows)}"));
                }

                break;
            case ForEachAction each:
                if (TemplatePart.Of(each.Items) is not [{ IsExpression: true }] && !TemplatePart.IsUnclosed(each.Items))
                {
                    faults.Add(new FieldFault(
                        $"{path}.forEach.items",
                        "must be an expression that returns a list, such as ${{ input.files }}"));
                }

                faults.AddRange(_expressions.Faults($"{path}.forEach.items", each.Items, sight));
                if (each.MaxParallel is < 1 or > WorkflowDefinition.MaxParallel)
                    faults.Add(new FieldFault($"{path}.forEach.maxParallel", $"must be from 1 to {WorkflowDefinition.MaxParallel}"));
                CheckAction($"{path}.forEach", each.Each, sight with { HasItem = true }, workflows, faults);
                break;
            case WaitAction { Event: var name } when !WorkflowEventNames.IsName(name):
                faults.Add(new FieldFault($"{path}.waitFor", WorkflowEventNames.WhyNot(name)));
                break;
            case DelayAction { Duration: var duration } when duration < TimeSpan.Zero || duration > JobLimits.MaxDelay:
                faults.Add(new FieldFault($"{path}.delay", $"must be from zero to {JobLimits.MaxDelay:c}"));
                break;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdShape();
}
