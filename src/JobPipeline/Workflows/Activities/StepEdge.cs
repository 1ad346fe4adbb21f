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
/// Where the machine's ids and counts meet the values: works out payloads, inputs and lists from what an instance was given
/// and what its steps made. Only what an expression names is read.
/// </summary>
public sealed class StepEdge(IWorkflowData data, IExpressionEvaluator evaluator)
{
    private const int ItemsAtATime = 500;

    /// <summary>The largest document that the expressions of one step may see, and the largest list of a fan-out.</summary>
    private const int MaxDocumentBytes = 256 * 1024 * 1024;

    /// <summary>What a step's job or child is given; empty for nothing.</summary>
    /// <exception cref="WorkflowExpressionException">
    /// An expression can't be worked out, or the value is out of bounds (<see cref="WorkflowValue"/>).
    /// </exception>
    public async Task<ReadOnlyMemory<byte>> FillAsync(StepScope scope, JsonElement template, StepRun run, CancellationToken cancellationToken)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            return default;
        var what = $"what step '{run.Step}' passes on";
        if (!Template.Expressions(template).Any())
            return Bounded(what, () => Template.Fill(template, default, evaluator));
        var document = await DocumentAsync(scope, run, cancellationToken);
        return Bounded(what, () => Template.Fill(template, document(), evaluator));
    }

    /// <summary>Works out the list of a fan-out and keeps its items. Returns how many there are.</summary>
    /// <exception cref="WorkflowExpressionException">
    /// The expression can't be worked out, gives no list, or gives one with an item that is out of bounds.
    /// </exception>
    public async Task<int> ExpandAsync(StepScope scope, StepRun run, ForEachAction each, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(scope, run, cancellationToken);
        var list = WorkedOut($"the list of step '{run.Step}'", () => Template.Fill(each.Items, document(), evaluator, MaxDocumentBytes));
        if (list.ValueKind != JsonValueKind.Array)
            throw new WorkflowExpressionException($"the items of step '{run.Step}' are no list but {list.ValueKind.ToString().ToLowerInvariant()}: {each.Items}");
        if (list.GetArrayLength() > WorkflowDefinition.MaxItems)
            return list.GetArrayLength();
        var items = list.EnumerateArray().Select((item, index) =>
            KeyValuePair.Create(WorkflowDataName.Item(run.Step, index), Bounded($"item {index} of step '{run.Step}'", () => item)));
        foreach (var chunk in items.Chunk(ItemsAtATime))
            await data.WriteAsync(scope.Instance, chunk, cancellationToken);
        return list.GetArrayLength();
    }

    /// <summary>What an instance returns, once it has ended.</summary>
    /// <inheritdoc cref="FillAsync" path="/exception"/>
    public async Task<ReadOnlyMemory<byte>> OutputAsync(StepScope scope, string template, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(scope, null, cancellationToken);
        return Bounded("the output of the workflow", () => Template.Fill(template, document(), evaluator));
    }

    private static ReadOnlyMemory<byte> Bounded(string what, Func<JsonElement> workOut)
    {
        ReadOnlyMemory<byte> json = WorkedOut(what, () => JsonMarshal.GetRawUtf8Value(workOut()).ToArray());
        return WorkflowValue.FaultOf(json) is { } fault ? throw new WorkflowExpressionException($"{what} {fault}") : json;
    }

    /// <summary>No storage takes part in this: whatever goes wrong goes wrong at every try.</summary>
    private static T WorkedOut<T>(string what, Func<T> workOut)
    {
        try
        {
            return workOut();
        }
        catch (WorkflowExpressionException)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"{what} can't be worked out: {e.Message}", e);
        }
    }

    /// <summary>Reads the values now; they are parsed where a failure counts as the step's.</summary>
    private async Task<Func<JsonElement>> DocumentAsync(StepScope scope, StepRun? run, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        WriteValue(writer, "input", scope.SeesInput ? await data.ReadAsync(scope.Instance, WorkflowDataName.Input, cancellationToken) : null);
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
            await WriteStepAsync(writer, scope.Instance, id, step, cancellationToken);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return () => JobJson.Parse(buffer.WrittenSpan);
    }

    private async Task WriteStepAsync(Utf8JsonWriter writer, string instance, string id, StepSight step, CancellationToken cancellationToken)
    {
        writer.WriteStartObject(id);
        writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(step.Status.ToString()));
        if (step.Error is { } error)
            writer.WriteString("error", error);
        if (step.Items is not { } items)
        {
            // What an earlier run of the instance left counts for nothing.
            WriteValue(writer, "output", HasOutput(step.Status) ? await data.ReadAsync(instance, WorkflowDataName.Step(id), cancellationToken) : null);
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
            // What a longer list of an earlier run has left.
            if (item >= items)
                break;
            for (; next < item; next++)
                writer.WriteNullValue();
            WriteRaw(writer, value);
            next = item + 1;
            if (writer.BytesCommitted + writer.BytesPending > MaxDocumentBytes)
                throw new WorkflowExpressionException($"the outputs of step '{id}' have more than {MaxDocumentBytes} bytes, too many for an expression");
        }

        for (; next < items; next++)
            writer.WriteNullValue();
    }

    private static bool HasOutput(StepStatus status) => status is StepStatus.Succeeded or StepStatus.Compensating or StepStatus.Compensated or StepStatus.CompensationFailed;

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
