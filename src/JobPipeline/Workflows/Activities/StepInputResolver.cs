using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Resolves the payloads, inputs and lists of steps from the stored values: the input of the workflow instance and the outputs of
/// its steps. Only the values that an expression names are read.
/// </summary>
internal sealed class StepInputResolver(IWorkflowData data, IExpressionEvaluator evaluator)
{
    private const int ItemsAtATime = 500;

    /// <summary>Returns a resolver that reads values from another source.</summary>
    public StepInputResolver With(IWorkflowData values) => new(values, evaluator);

    /// <summary>
    /// The maximum size of the document for the expressions of one step, and of the list of a fan-out, in bytes.
    /// </summary>
    private const int MaxDocumentBytes = 256 * 1024 * 1024;

    /// <summary>Returns the payload of a step's job or the input of its child workflow; empty for none.</summary>
    /// <exception cref="WorkflowExpressionException">
    /// An expression can't be evaluated, or the value exceeds the limits (<see cref="WorkflowValue"/>).
    /// </exception>
    /// <param name="scope">The scope of the expressions.</param>
    /// <param name="template">The payload or input, with expressions.</param>
    /// <param name="run">The step attempt.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <param name="stored">Outputs that were stored just now, with the state that the scope shows: they are not read again.</param>
    public async Task<ReadOnlyMemory<byte>> FillAsync(
        StepScope scope,
        JsonElement template,
        StepRun run,
        CancellationToken cancellationToken,
        IReadOnlyList<StepOutput>? stored = null)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            return default;
        var what = $"the input of step '{run.Step}'";
        if (!Template.Expressions(template).Any())
            return Bounded(what, () => Template.Fill(template, default, evaluator));
        var document = await DocumentAsync(scope, run, stored, cancellationToken);
        return Bounded(what, () => Template.Fill(template, document(), evaluator));
    }

    /// <summary>Evaluates the list of a fan-out and stores its items. Returns the number of items.</summary>
    /// <exception cref="WorkflowExpressionException">
    /// The expression can't be evaluated, does not return a list, or returns a list with an item that exceeds the limits.
    /// </exception>
    public async Task<int> ExpandAsync(StepScope scope, StepRun run, ForEachAction each, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(scope, run, stored: null, cancellationToken);
        var list = Evaluated(
            $"the list of step '{run.Step}'", () => Template.Fill(each.Items, document(), evaluator, MaxDocumentBytes));
        if (list.ValueKind != JsonValueKind.Array)
        {
            var kind = list.ValueKind.ToString().ToLowerInvariant();
            throw new WorkflowExpressionException($"step '{run.Step}': 'items' must evaluate to an array, got {kind}: {each.Items}");
        }

        if (list.GetArrayLength() > WorkflowDefinition.MaxItems)
            return list.GetArrayLength();
        var items = list.EnumerateArray().Select((item, index) =>
            KeyValuePair.Create(WorkflowDataName.Item(run.Step, index), Bounded($"item {index} of step '{run.Step}'", () => item)));
        foreach (var chunk in items.Chunk(ItemsAtATime))
            await data.WriteAsync(scope.Instance, chunk, cancellationToken);
        return list.GetArrayLength();
    }

    /// <summary>Evaluates the output of a workflow instance that has ended.</summary>
    /// <inheritdoc cref="FillAsync" path="/exception"/>
    public async Task<ReadOnlyMemory<byte>> OutputAsync(StepScope scope, string template, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(scope, null, stored: null, cancellationToken);
        return Bounded("the output of the workflow", () => Template.Fill(template, document(), evaluator));
    }

    private static ReadOnlyMemory<byte> Bounded(string what, Func<JsonElement> evaluate)
    {
        ReadOnlyMemory<byte> json = Evaluated(what, () => JsonMarshal.GetRawUtf8Value(evaluate()).ToArray());
        return WorkflowValue.ErrorOf(json) is { } error ? throw new WorkflowExpressionException($"{what} {error}") : json;
    }

    /// <summary>Evaluates a value. Storage is not involved, so every failure is permanent.</summary>
    private static T Evaluated<T>(string what, Func<T> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (WorkflowExpressionException)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"{what} can't be evaluated: {e.Message}", e);
        }
    }

    /// <summary>Reads the values now, and returns a function that parses them, so that a parse error fails the step.</summary>
    private async Task<Func<JsonElement>> DocumentAsync(
        StepScope scope, StepRun? run, IReadOnlyList<StepOutput>? stored, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        var input = scope.SeesInput ? await data.ReadAsync(scope.Instance, WorkflowDataName.Input, cancellationToken) : null;
        WriteValue(writer, "input", input);
        writer.WriteStartObject("instance");
        writer.WriteString("id", scope.Instance);
        writer.WriteString("workflow", scope.Workflow);
        writer.WriteString("createdAt", scope.CreatedAt);
        writer.WriteEndObject();
        if (run?.Item is { } item)
        {
            WriteValue(writer, "item", await data.ReadAsync(scope.Instance, WorkflowDataName.Item(run.Step, item), cancellationToken));
            writer.WriteNumber("index", item);
        }

        writer.WriteStartObject("steps");
        foreach (var (id, step) in scope.Steps)
            await WriteStepAsync(writer, scope.Instance, id, step, stored, cancellationToken);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return () => JobJson.Parse(buffer.WrittenSpan);
    }

    private async Task WriteStepAsync(
        Utf8JsonWriter writer,
        string instance,
        string id,
        StepData step,
        IReadOnlyList<StepOutput>? stored,
        CancellationToken cancellationToken)
    {
        writer.WriteStartObject(id);
        writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(step.Status.ToString()));
        if (step.Error is { } error)
            writer.WriteString("error", error);
        if (step.Items is not { } items)
        {
            // The output of an earlier run of the workflow instance doesn't count.
            var name = WorkflowDataName.Step(id);
            var output = !HasOutput(step.Status) ? null
                : stored?.FirstOrDefault(candidate => candidate.Name == name)?.Value
                ?? await data.ReadAsync(instance, name, cancellationToken);
            WriteValue(writer, "output", output);
        }
        else
        {
            writer.WriteStartArray("output");
            await WriteItemsAsync(writer, instance, id, items, cancellationToken);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private async Task WriteItemsAsync(Utf8JsonWriter writer, string instance, string id, int items, CancellationToken cancellationToken)
    {
        var next = 0;
        await foreach (var (item, value) in data.ReadItemsAsync(instance, WorkflowDataName.Step(id), cancellationToken))
        {
            // Items of a longer list from an earlier run of the workflow instance.
            if (item >= items)
                break;
            for (; next < item; next++)
                writer.WriteNullValue();
            WriteRaw(writer, value);
            next = item + 1;
            if (writer.BytesCommitted + writer.BytesPending > MaxDocumentBytes)
            {
                throw new WorkflowExpressionException(
                    $"the outputs of step '{id}' have more than {MaxDocumentBytes} bytes, which is too large for an expression");
            }
        }

        for (; next < items; next++)
            writer.WriteNullValue();
    }

    private static bool HasOutput(StepStatus status) =>
        status is StepStatus.Succeeded or StepStatus.Compensating or StepStatus.Compensated or StepStatus.CompensationFailed;

    private static void WriteValue(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte>? value)
    {
        writer.WritePropertyName(name);
        WriteRaw(writer, value ?? default);
    }

    private static void WriteRaw(Utf8JsonWriter writer, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
