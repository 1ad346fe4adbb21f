using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Reads definitions from JSON and writes them. Reading reports malformed definitions, each error with its path;
/// <see cref="WorkflowValidator"/> validates their content.
/// </summary>
internal static class WorkflowReader
{
    private static readonly JsonSerializerOptions Options = new(JobJson.Options)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };


    /// <summary>Reads a definition. Returns null, with the validation errors, if the JSON is not a definition.</summary>
    public static WorkflowDefinition? Read(ReadOnlySpan<byte> json, out IReadOnlyList<ValidationError> errors)
    {
        var found = new List<ValidationError>();
        errors = found;
        try
        {
            return JsonSerializer.Deserialize<WorkflowJson>(json, Options) is { } read
                ? ToDefinition(read, found)
                : Refuse(found, "", "a workflow must be a JSON object");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            found.AddRange(JsonErrors.Of(json.ToArray(), typeof(WorkflowJson), e));
            return null;
        }
    }

    /// <summary>Writes a definition as JSON that <see cref="Read"/> accepts.</summary>
    public static byte[] Write(WorkflowDefinition definition) => JsonSerializer.SerializeToUtf8Bytes(
        new WorkflowJson
        {
            Name = definition.Name,
            Version = definition.Version,
            Description = definition.Description,
            Output = definition.Output,
            Steps = definition.Steps.ToDictionary(step => step.Id, ToJson, StringComparer.Ordinal),
        },
        Options);

    private static WorkflowDefinition? Refuse(List<ValidationError> errors, string path, string why)
    {
        errors.Add(new ValidationError(path, why));
        return null;
    }

    private static WorkflowDefinition? ToDefinition(WorkflowJson json, List<ValidationError> errors)
    {
        var steps = json.Steps.Select(entry => ToStep(entry.Key, entry.Value, errors)).ToList();
        return errors.Count > 0
            ? null
            : new WorkflowDefinition(json.Name, json.Version, [.. steps.OfType<WorkflowStep>()])
            {
                Description = json.Description,
                Output = json.Output,
            };
    }

    private static WorkflowStep? ToStep(string id, StepJson? json, List<ValidationError> errors)
    {
        var path = $"steps.{id}";
        if (json is null)
        {
            errors.Add(new ValidationError(path, "must not be null"));
            return null;
        }

        if (json.Needs?.Any(need => need is null) == true)
            errors.Add(new ValidationError($"{path}.needs", "must not contain null"));
        if (json.Retry?.Backoff is { } backoff && JobSpecRules.ErrorOf(backoff) is { } wrong)
            errors.Add(new ValidationError($"{path}.retry.backoff", wrong));
        if (ToAction(path, json, errors) is not { } action)
            return null;
        if (json.OnTimeout is not null && action is not WaitAction)
            errors.Add(new ValidationError($"{path}.onTimeout", "is only allowed with waitFor"));
        if (json.Compensate is { Job: null })
            errors.Add(new ValidationError($"{path}.compensate", "must specify 'job'"));
        return new WorkflowStep(id, action)
        {
            Needs = json.Needs ?? [],
            When = json.When ?? TriggerRule.AllSucceeded,
            Retry = json.Retry is { } retry ? new StepRetry(retry.MaxAttempts, StepRetry.Once.Backoff.With(retry.Backoff)) : StepRetry.Once,
            Timeout = json.Timeout,
            Compensate = json.Compensate is { Job: { } undo } compensate ? new JobAction(undo, compensate.Payload) : null,
        };
    }

    private static StepAction? ToAction(string path, StepJson json, List<ValidationError> errors)
    {
        var kinds = new List<StepAction?>();
        if (json.Job is { } job)
            kinds.Add(new JobAction(job, json.Payload));
        if (json.Workflow is { } workflow)
            kinds.Add(new ChildAction(workflow, json.Input));
        if (json.WaitFor is { } name)
            kinds.Add(new WaitAction(name, json.OnTimeout ?? TimeoutRule.Fail));
        if (json.Delay is { } delay)
            kinds.Add(new DelayAction(delay));
        if (json.ForEach is { } each)
            kinds.Add(ToForEach($"{path}.forEach", each, errors));
        if (kinds.Count != 1)
            errors.Add(new ValidationError(
                path, $"must have exactly one of job, forEach, waitFor, delay and workflow; it has {kinds.Count}"));
        if (json.Payload.ValueKind != JsonValueKind.Undefined && json.Job is null)
            errors.Add(new ValidationError($"{path}.payload", "is only allowed with job"));
        if (json.Input.ValueKind != JsonValueKind.Undefined && json.Workflow is null)
            errors.Add(new ValidationError($"{path}.input", "is only allowed with workflow"));
        return kinds.Count == 1 ? kinds[0] : null;
    }

    private static ForEachAction? ToForEach(string path, ForEachJson json, List<ValidationError> errors)
    {
        if (json.Job is null == json.Workflow is null)
        {
            errors.Add(new ValidationError(path, "must have exactly one of job and workflow"));
            return null;
        }

        if (json.Payload.ValueKind != JsonValueKind.Undefined && json.Job is null)
            errors.Add(new ValidationError($"{path}.payload", "is only allowed with job"));
        if (json.Input.ValueKind != JsonValueKind.Undefined && json.Workflow is null)
            errors.Add(new ValidationError($"{path}.input", "is only allowed with workflow"));
        StepAction action = json.Job is { } job ? new JobAction(job, json.Payload) : new ChildAction(json.Workflow!, json.Input);
        return new ForEachAction(json.Items, action, json.MaxParallel ?? WorkflowDefinition.DefaultParallel);
    }

    private static StepJson ToJson(WorkflowStep step) => new()
    {
        Job = (step.Action as JobAction)?.Type,
        Payload = (step.Action as JobAction)?.Payload ?? default,
        Workflow = (step.Action as ChildAction)?.Name,
        Input = (step.Action as ChildAction)?.Input ?? default,
        WaitFor = (step.Action as WaitAction)?.Event,
        OnTimeout = (step.Action as WaitAction)?.OnTimeout,
        Delay = (step.Action as DelayAction)?.Duration,
        ForEach = step.Action is not ForEachAction each ? null : new ForEachJson
        {
            Items = each.Items,
            MaxParallel = each.MaxParallel,
            Job = (each.Each as JobAction)?.Type,
            Payload = (each.Each as JobAction)?.Payload ?? default,
            Workflow = (each.Each as ChildAction)?.Name,
            Input = (each.Each as ChildAction)?.Input ?? default,
        },
        Needs = step.Needs.Count > 0 ? step.Needs : null,
        When = step.When == TriggerRule.AllSucceeded ? null : step.When,
        Retry = step.Retry == StepRetry.Once ? null : new RetryJson { MaxAttempts = step.Retry.MaxAttempts, Backoff = ToJson(step.Retry) },
        Timeout = step.Timeout,
        Compensate = step.Compensate is { } undo ? new CompensateJson { Job = undo.Type, Payload = undo.Payload } : null,
    };

    private static BackoffOverride ToJson(StepRetry retry) => retry.Backoff is { Kind: BackoffKind.Listed, Delays: var delays }
        ? new BackoffOverride { Delays = delays }
        : new BackoffOverride { Kind = retry.Backoff.Kind, Base = retry.Backoff.Base, Cap = retry.Backoff.Cap };
}
