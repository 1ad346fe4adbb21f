using System.Security.Cryptography;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// The input of an instance that several may be starting at the same time: each keeps its own under a name that only the
/// row tells which was inserted, and so a rival that writes another input, and loses, changes nothing.
/// </summary>
internal static class StagedInputs
{
    /// <summary>Keeps an input for a row that is to be inserted. Null: there is none.</summary>
    public static async Task<string?> StageInputAsync(this IWorkflowData data, string instance, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (input.IsEmpty)
            return null;
        var staged = Convert.ToHexStringLower(SHA256.HashData(input.Span));
        await data.WriteAsync(instance, [KeyValuePair.Create(WorkflowDataName.StagedInput(staged), input)], cancellationToken);
        return staged;
    }

    /// <summary>From now on it is the instance's input, under the name that expressions know.</summary>
    public static async Task KeepInputAsync(this IWorkflowData data, WorkflowInstance instance, CancellationToken cancellationToken)
    {
        if (instance.StagedInput is not null && await data.ReadAsync(instance.Id, instance.InputName, cancellationToken) is { } input)
            await data.WriteAsync(instance.Id, [KeyValuePair.Create(WorkflowDataName.Input, input)], cancellationToken);
    }
}
