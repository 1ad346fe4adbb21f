using System.Buffers;
using System.Text.Json;
using JobPipeline.Http.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>Reads the outputs of steps, within the limits of a response.</summary>
internal static class StepOutputs
{
    /// <summary>The maximum size of an inline output, in bytes.</summary>
    public const int MaxInlineBytes = 4 * 1024;

    /// <summary>The maximum number of inline outputs of a workflow instance.</summary>
    public const int MaxInline = 100;

    private const int MaxInlineItems = 20;

    /// <summary>Whether the step has produced an output, possibly null. A step that was compensated later also has one.</summary>
    public static bool Has(WorkflowStep step, StepState state) => step.Action is not DelayAction
        && state.Status is StepStatus.Succeeded or StepStatus.Compensating or StepStatus.Compensated or StepStatus.CompensationFailed;

    /// <summary>Reads the output if it is small enough to be shown inline.</summary>
    public static async Task<StepOutput> ReadInlineAsync(
        this IWorkflowData data, string instance, WorkflowStep step, StepState state, CancellationToken cancellationToken)
    {
        if (step.Action is not ForEachAction)
        {
            var value = await data.ReadAsync(instance, WorkflowDataName.Step(step.Id), cancellationToken) ?? default;
            return value.Length > MaxInlineBytes ? StepOutput.Elsewhere : new StepOutput(Parse(value), IsElsewhere: false);
        }

        if (state.Items > MaxInlineItems)
            return StepOutput.Elsewhere;
        var (list, isWhole) = await data.ReadListAsync(instance, step, state, MaxInlineBytes, cancellationToken);
        return isWhole ? new StepOutput(list, IsElsewhere: false) : StepOutput.Elsewhere;
    }

    /// <summary>Reads the whole output; for a fan-out, as many of the first items as fit into the maximum size of one value.</summary>
    public static async Task<(JsonElement? Output, bool IsWhole)> ReadWholeAsync(
        this IWorkflowData data, string instance, WorkflowStep step, StepState state, CancellationToken cancellationToken)
    {
        if (step.Action is ForEachAction)
            return await data.ReadListAsync(instance, step, state, IWorkflowData.MaxBytes, cancellationToken);
        return (Parse(await data.ReadAsync(instance, WorkflowDataName.Step(step.Id), cancellationToken) ?? default), true);
    }

    private static async Task<(JsonElement Output, bool IsWhole)> ReadListAsync(
        this IWorkflowData data, string instance, WorkflowStep step, StepState state, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer);
        var (next, isWhole) = (0, true);
        writer.WriteStartArray();
        await foreach (var (item, value) in data.ReadItemsAsync(instance, WorkflowDataName.Step(step.Id), cancellationToken))
        {
            // Left over from an earlier run with more items.
            if (item >= state.Items)
                break;
            if (writer.BytesCommitted + writer.BytesPending + value.Length > maxBytes)
            {
                isWhole = false;
                break;
            }

            for (; next < item; next++)
                writer.WriteNullValue();
            writer.WriteRawValue(value.IsEmpty ? "null"u8 : value.Span, skipInputValidation: true);
            next = item + 1;
        }

        for (; isWhole && next < state.Items; next++)
            writer.WriteNullValue();
        writer.WriteEndArray();
        await writer.FlushAsync(cancellationToken);
        return (ShownJson.Of(buffer.WrittenMemory) ?? default, isWhole);
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> value) => ShownJson.Of(value);
}

/// <summary>The output of a step.</summary>
/// <param name="Value">The output; null if there is none, or if it is elsewhere.</param>
/// <param name="IsElsewhere">Whether the output is too large to be shown inline.</param>
internal readonly record struct StepOutput(JsonElement? Value, bool IsElsewhere)
{
    public static StepOutput Elsewhere => new(null, IsElsewhere: true);
}
