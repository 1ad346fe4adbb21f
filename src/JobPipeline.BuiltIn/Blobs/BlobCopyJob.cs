using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
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

/// <summary>
/// Copies a blob with its content type within the storage account, as a stream; the target is written whole or not at all,
/// and made anew when it is there. A source that changes meanwhile fails the attempt.
/// </summary>
[Job("blob.copy")]
internal sealed class BlobCopyJob(BlobServiceClient blobs, ReservedContainers reserved) : IJobHandler<BlobCopyPayload, BlobCopyResult>
{
    public async Task<JobOutcome<BlobCopyResult>> HandleAsync(BlobCopyPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (BlobName.Parse(payload.From), BlobName.Parse(payload.To));
        if (new[] { from, to }.FirstOrDefault(blob => reserved.Contains(blob.Container)) is { Container: { } own })
            throw new JobRejectedException($"'{own}' is a container of the pipeline itself. Copy from and to others.");
        var source = await BlobSource.FindAsync(blobs, from, cancellationToken);
        var container = blobs.GetBlobContainerClient(to.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await using var content = await source.OpenAsync(0, cancellationToken);
        await container.GetBlobClient(to.Name).UploadAsync(content, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = source.ContentType } }, cancellationToken);
        return new BlobCopyResult(to.ToString(), source.Length);
    }
}
