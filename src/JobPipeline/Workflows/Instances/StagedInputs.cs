using System.Security.Cryptography;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Stores the input of a workflow instance that several callers may start at the same time. Each caller stores its input under a
/// name of its own, and only the inserted row refers to the name that counts. A caller that loses the race with another input
/// changes nothing.
/// </summary>
internal static class StagedInputs
{
    /// <summary>
    /// Stores an input for a row that is to be inserted. Returns the name of the input, or null for an empty input.
    /// </summary>
    public static async Task<string?> StageInputAsync(
        this IWorkflowData data, string instance, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (input.IsEmpty)
            return null;
        var staged = Convert.ToHexStringLower(SHA256.HashData(input.Span));
        await data.WriteAsync(instance, [KeyValuePair.Create(WorkflowDataName.StagedInput(staged), input)], cancellationToken);
        return staged;
    }

    /// <summary>Stores the staged input as the input of the workflow instance, under the name that expressions use.</summary>
    public static async Task KeepInputAsync(this IWorkflowData data, WorkflowInstance instance, CancellationToken cancellationToken)
    {
        if (instance.StagedInput is not null && await data.ReadAsync(instance.Id, instance.InputName, cancellationToken) is { } input)
            await data.WriteAsync(instance.Id, [KeyValuePair.Create(WorkflowDataName.Input, input)], cancellationToken);
    }
}
