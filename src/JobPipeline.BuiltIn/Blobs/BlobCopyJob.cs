using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Payload of <c>blob.copy</c>. Both are <c>container/name</c>.</summary>
public sealed record BlobCopyPayload(BlobAddress From, BlobAddress To);

/// <summary>Result of <c>blob.copy</c>.</summary>
public sealed record BlobCopyResult(string Blob, long Bytes);

/// <summary>
/// Copies a blob with its content type within the storage account, as a stream; the target is written whole or not at all,
/// and made anew when it is there. A source that changes meanwhile fails the attempt.
/// </summary>
[Job("blob.copy")]
internal sealed class BlobCopyJob(UserStorage storage) : IJobHandler<BlobCopyPayload, BlobCopyResult>
{
    public async Task<JobOutcome<BlobCopyResult>> HandleAsync(BlobCopyPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var target = storage.Blob(payload.To);
        var source = await BlobSource.FindAsync(storage, payload.From, cancellationToken);
        await storage.CreateContainerAsync(payload.To, cancellationToken);
        await using var content = await source.OpenAsync(0, cancellationToken);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = source.ContentType } };
        await target.UploadAsync(content, options, cancellationToken);
        return new BlobCopyResult(payload.To.ToString(), source.Length);
    }
}
