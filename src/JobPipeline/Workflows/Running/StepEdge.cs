using System.Buffers;
using System.Text.Json;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Running;

/// <summary>
/// Where the machine's ids and counts meet the values: works out payloads, inputs and lists from what an instance was given
/// and what its steps made. Only what an expression names is read.
/// </summary>
public sealed class StepEdge(IWorkflowData data, IExpressionEvaluator evaluator)
{
    private const int ItemsAtATime = 500;

    /// <summary>What a step's job or child is given; empty for nothing.</summary>
    /// <exception cref="WorkflowExpressionException">An expression can't be worked out.</exception>
    public async Task<ReadOnlyMemory<byte>> FillAsync(WorkflowInstance instance, JsonElement template, StepRun run, CancellationToken cancellationToken)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            return default;
        var expressions = Template.Expressions(template).Select(entry => entry.Expression).ToList();
        if (expressions.Count == 0)
            return JsonSerializer.SerializeToUtf8Bytes(template);
        var document = await DocumentAsync(instance, expressions, run, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(Template.Fill(template, document, evaluator));
    }

    /// <summary>Works out the list of a fan-out and keeps its items. Returns how many there are.</summary>
    /// <exception cref="WorkflowExpressionException">The expression can't be worked out, or gives no list.</exception>
    public async Task<int> ExpandAsync(WorkflowInstance instance, StepRun run, ForEachAction each, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(instance, [.. Template.Expressions(each.Items)], run, cancellationToken);
        var list = Template.Fill(each.Items, document, evaluator);
        if (list.ValueKind != JsonValueKind.Array)
            throw new WorkflowExpressionException($"the items of step '{run.Step}' are no list but {list.ValueKind.ToString().ToLowerInvariant()}: {each.Items}");
        var items = list.EnumerateArray().Select((item, index) => KeyValuePair.Create(WorkflowDataName.Item(run.Step, index), (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(item)));
        if (list.GetArrayLength() > WorkflowDefinition.MaxItems)
            return list.GetArrayLength();
        foreach (var chunk in items.Chunk(ItemsAtATime))
            await data.WriteAsync(instance.Id, chunk, cancellationToken);
        return list.GetArrayLength();
    }

    /// <summary>What the instance returns, once it has ended; null for nothing.</summary>
    /// <inheritdoc cref="FillAsync" path="/exception"/>
    public async Task<ReadOnlyMemory<byte>?> OutputAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Definition.Output is not { } template)
            return null;
        var document = await DocumentAsync(instance, [.. Template.Expressions(template)], null, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(Template.Fill(template, document, evaluator));
    }

    private async Task<JsonElement> DocumentAsync(WorkflowInstance instance, IReadOnlyList<string> expressions, StepRun? run, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        WriteValue(writer, "input", await data.ReadAsync(instance.Id, WorkflowDataName.Input, cancellationToken));
        writer.WriteStartObject("instance");
        writer.WriteString("id", instance.Id);
        writer.WriteString("workflow", instance.Definition.Name);
        writer.WriteString("createdAt", instance.State.CreatedAt);
        writer.WriteEndObject();
        if (run?.Item is { } item)
        {
            WriteValue(writer, "item", await data.ReadAsync(instance.Id, WorkflowDataName.Item(run.Step, item), cancellationToken));
            writer.WriteNumber("index", item);
        }

        writer.WriteStartObject("steps");
        foreach (var step in expressions.SelectMany(ExpressionNames.Steps).Distinct(StringComparer.Ordinal))
            await WriteStepAsync(writer, instance, step, cancellationToken);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private async Task WriteStepAsync(Utf8JsonWriter writer, WorkflowInstance instance, string id, CancellationToken cancellationToken)
    {
        var place = instance.Definition.Steps.Select((step, index) => (step, index)).First(entry => entry.step.Id == id).index;
        var state = instance.State.Steps[place];
        writer.WriteStartObject(id);
        writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(state.Status.ToString()));
        if (state.Error is { } error)
            writer.WriteString("error", error);
        if (instance.Definition.Steps[place].Action is not ForEachAction)
        {
            // What an earlier run of the instance left counts for nothing.
            WriteValue(writer, "output", HasOutput(state.Status) ? await data.ReadAsync(instance.Id, WorkflowDataName.Step(id), cancellationToken) : null);
        }
        else
        {
            writer.WriteStartArray("output");
            var next = 0;
            await foreach (var (item, value) in data.ReadItemsAsync(instance.Id, WorkflowDataName.Step(id), cancellationToken))
            {
                // What a longer list of an earlier run has left.
                if (item >= state.Items)
                    break;
                for (; next < item; next++)
                    writer.WriteNullValue();
                WriteRaw(writer, value);
                next = item + 1;
            }

            for (; next < state.Items; next++)
                writer.WriteNullValue();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
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
