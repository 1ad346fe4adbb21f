using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>Creates the rows of step outputs. An output too large for a row is stored in a blob that its row refers to.</summary>
internal sealed class WorkflowOutputs(BlobContainerClient blobs)
{
    internal const int MaxRowBytes = 60 * 1024;

    /// <summary>Creates the row, and stores its blob if it needs one.</summary>
    /// <exception cref="ArgumentException">The value has more than <see cref="IWorkflowData.MaxBytes"/> bytes.</exception>
    public async Task<TableEntity> ToRowAsync(string instance, StepOutput output, CancellationToken cancellationToken)
    {
        ThrowIfTooLarge(instance, output.Name, output.Value);
        // Each rank has its own blob: the row alone decides which one counts.
        var blob = output.Value.Length > MaxRowBytes ? BlobOf(instance, $"{output.Name.Key}!{output.Rank}") : null;
        if (blob is not null)
            await blobs.GetBlobClient(blob).UploadAsync(BinaryData.FromBytes(output.Value), overwrite: true, cancellationToken);
        return new TableEntity(instance, output.Name.Key)
        {
            ["InBlob"] = blob is not null,
            ["Blob"] = blob,
            ["Rank"] = output.Rank,
            ["Value"] = blob is not null ? [] : output.Value.ToArray(),
        };
    }

    public static string BlobOf(string instance, string key) => $"workflows/{instance}/{key}";

    public static void ThrowIfTooLarge(string instance, WorkflowDataName name, ReadOnlyMemory<byte> value)
    {
        if (value.Length > IWorkflowData.MaxBytes)
        {
            throw new ArgumentException(
                $"The value '{name}' of workflow {instance} has {value.Length} bytes; the maximum is {IWorkflowData.MaxBytes}. "
                    + "Store the data in a blob and pass its name.",
                nameof(value));
        }
    }
}
