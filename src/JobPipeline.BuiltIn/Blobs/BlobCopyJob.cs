using System.ComponentModel.DataAnnotations;
using Azure;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Payload of <c>blob.copy</c>. Both are <c>container/name</c>.</summary>
public sealed record BlobCopyPayload(string From, string To) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BlobName.TryParse(From, out _))
            yield return new ValidationResult($"'from' is '{From}'; it takes the form \"container/name\"", [nameof(From)]);
        if (!BlobName.TryParse(To, out _))
            yield return new ValidationResult($"'to' is '{To}'; it takes the form \"container/name\"", [nameof(To)]);
    }
}

/// <summary>Result of <c>blob.copy</c>.</summary>
public sealed record BlobCopyResult(string Blob, long Bytes);

/// <summary>Copies a blob within the storage account, as a stream; the target is written whole or not at all, and made anew when it is there.</summary>
[Job("blob.copy")]
internal sealed class BlobCopyJob(BlobServiceClient blobs) : IJobHandler<BlobCopyPayload, BlobCopyResult>
{
    public async Task<JobOutcome<BlobCopyResult>> HandleAsync(BlobCopyPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (BlobName.Parse(payload.From), BlobName.Parse(payload.To));
        var container = blobs.GetBlobContainerClient(to.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            await using var source = await blobs.GetBlobContainerClient(from.Container).GetBlobClient(from.Name).OpenReadAsync(cancellationToken: cancellationToken);
            await container.GetBlobClient(to.Name).UploadAsync(source, overwrite: true, cancellationToken);
            return new BlobCopyResult(to.ToString(), source.Length);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new JobRejectedException($"There is no blob '{from}' to copy.", e);
        }
    }
}
