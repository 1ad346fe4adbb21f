using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Validates definitions and reports all errors at once, each with its path.</summary>
/// <param name="jobs">The known job types.</param>
/// <param name="evaluator">The evaluator that checks the syntax of expressions.</param>
internal sealed class WorkflowValidator(JobRegistry jobs, IExpressionEvaluator evaluator)
{
    private const int MaxNameLength = 100;
    private const int MaxIdLength = 60;
    private static readonly string NameRule =
        $"use letters, digits, '.', '_' and '-', beginning with a letter or digit, not ending with '.', at most {MaxNameLength} characters";

    private readonly StepPayloadRules _payloads = new(jobs);
    private readonly ExpressionRules _expressions = new(evaluator);

    /// <summary>Returns the validation errors of a definition; empty if it can run.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="workflows">The names of the workflows that may be used as children; null to skip that check.</param>
    public IReadOnlyList<ValidationError> Validate(WorkflowDefinition definition, IReadOnlyCollection<string>? workflows = null)
    {
        var errors = new List<ValidationError>();
        if (definition.Name.Length > MaxNameLength || !JobSpecRules.IsTypeName(definition.Name) || definition.Name.EndsWith('.'))
            errors.Add(new ValidationError("name", $"'{definition.Name}' is not a valid workflow name: {NameRule}"));
        if (definition.Version < 1)
            errors.Add(new ValidationError("version", "must be 1 or more"));
        if (definition.Steps.Count is 0 or > WorkflowDefinition.MaxSteps)
            errors.Add(new ValidationError(
                "steps", $"must have 1 to {WorkflowDefinition.MaxSteps} steps; it has {definition.Steps.Count}"));
        foreach (var duplicate in definition.Steps.GroupBy(step => step.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            errors.Add(new ValidationError($"steps.{duplicate.Key}", "more than one step has this id"));
        if (errors.Exists(error => error.Field.StartsWith("steps", StringComparison.Ordinal)))
            return errors;
        if (DefinitionBounds.ErrorOf(definition) is { } outOfBounds)
            return [.. errors, outOfBounds];

        var graph = new StepGraph(definition.Steps);
        errors.AddRange(graph.Errors());
        foreach (var step in definition.Steps)
            CheckStep(step, graph, workflows, errors);
        if (definition.Output is { } output)
            errors.AddRange(_expressions.Errors("output", output, ExpressionScope.OfAll(graph)));
        return errors;
    }

    private void CheckStep(WorkflowStep step, StepGraph graph, IReadOnlyCollection<string>? workflows, List<ValidationError> errors)
    {
        var path = $"steps.{step.Id}";
        if (!IsId(step.Id))
        {
            errors.Add(new ValidationError(
                path,
                $"'{step.Id}' is not a valid step id: use a letter, then letters, digits and '_', at most {MaxIdLength} characters"));
        }

        if (step.When == TriggerRule.AnyFailed && step.Needs.Count == 0)
            errors.Add(new ValidationError($"{path}.when", "can never be true: the step has no 'needs' that could fail"));
        if (step.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > JobLimits.MaxDelay))
            errors.Add(new ValidationError($"{path}.timeout", $"must be above zero and at most {JobLimits.MaxDelay:c}"));
        if (step.Retry.MaxAttempts is < 1 or > JobLimits.MaxAttempts)
            errors.Add(new ValidationError($"{path}.retry.maxAttempts", $"must be from 1 to {JobLimits.MaxAttempts}"));
        if (step.Retry.Backoff is { Kind: BackoffKind.Listed, Delays.Count: 0 or > RetrySchedule.MaxDelays })
            errors.Add(new ValidationError($"{path}.retry.backoff.delays", $"must have 1 to {RetrySchedule.MaxDelays} entries"));
        if (step.Retry.Backoff is { Kind: not BackoffKind.Listed } backoff && backoff.Base > backoff.Cap)
            errors.Add(new ValidationError($"{path}.retry.backoff.base", $"must not be longer than the cap, {backoff.Cap:c}"));
        if (step.Action is WaitAction or DelayAction && step.Retry.MaxAttempts > 1)
            errors.Add(new ValidationError($"{path}.retry", "a step that only waits can't be retried"));
        if (step is { Action: WaitAction { OnTimeout: TimeoutRule.Continue }, Timeout: null })
            errors.Add(new ValidationError($"{path}.onTimeout", "has no effect: the step has no timeout"));
        if (step.Action is DelayAction && step.Timeout is not null)
            errors.Add(new ValidationError($"{path}.timeout", "is not allowed with delay"));
        var sight = ExpressionScope.Of(graph, step.Id);
        CheckAction(path, step.Action, sight, workflows, errors);
        if (step.Compensate is not { } undo)
            return;
        if (step.Action is WaitAction or DelayAction)
            errors.Add(new ValidationError($"{path}.compensate", "a step that only waits can't be compensated"));
        // A compensation may use the output of its step.
        CheckAction($"{path}.compensate", undo, sight.With(step.Id), workflows, errors);
    }

    private void CheckAction(
        string path, StepAction action, ExpressionScope sight, IReadOnlyCollection<string>? workflows, List<ValidationError> errors)
    {
        switch (action)
        {
            case JobAction job:
                errors.AddRange(_expressions.Errors($"{path}.payload", job.Payload, sight));
                errors.AddRange(_payloads.Errors(path, job));
                break;
            case ChildAction child:
                errors.AddRange(_expressions.Errors($"{path}.input", child.Input, sight));
                if (workflows is not null && !workflows.Contains(child.Name, StringComparer.Ordinal))
                {
                    errors.Add(new ValidationError(
                        $"{path}.workflow",
                        $"workflow '{child.Name}' does not exist{NearestName.Hint(child.Name, workflows)}"));
                }

                break;
            case ForEachAction each:
                if (TemplatePart.Of(each.Items) is not [{ IsExpression: true }] && !TemplatePart.IsUnclosed(each.Items))
                {
                    errors.Add(new ValidationError(
                        $"{path}.forEach.items",
                        "must be an expression that returns a list, such as ${{ input.files }}"));
                }

                errors.AddRange(_expressions.Errors($"{path}.forEach.items", each.Items, sight));
                if (each.MaxParallel is < 1 or > WorkflowDefinition.MaxParallel)
                    errors.Add(new ValidationError($"{path}.forEach.maxParallel", $"must be from 1 to {WorkflowDefinition.MaxParallel}"));
                CheckAction($"{path}.forEach", each.Each, sight with { HasItem = true }, workflows, errors);
                break;
            case WaitAction { Event: var name } when !WorkflowEventNames.IsName(name):
                errors.Add(new ValidationError($"{path}.waitFor", WorkflowEventNames.WhyNot(name)));
                break;
            case DelayAction { Duration: var duration } when duration < TimeSpan.Zero || duration > JobLimits.MaxDelay:
                errors.Add(new ValidationError($"{path}.delay", $"must be from zero to {JobLimits.MaxDelay:c}"));
                break;
        }
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && char.IsAsciiLetter(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
