using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Payload of <c>blob.copy</c>.</summary>
/// <param name="From">The source blob, as <c>container/name</c>.</param>
/// <param name="To">The target blob, as <c>container/name</c>.</param>
public sealed record BlobCopyPayload(BlobAddress From, BlobAddress To);

/// <summary>Result of <c>blob.copy</c>.</summary>
/// <param name="Blob">The target blob, as <c>container/name</c>.</param>
/// <param name="Bytes">The number of bytes that were copied.</param>
public sealed record BlobCopyResult(string Blob, long Bytes);

/// <summary>
/// Copies a blob and its content type within the storage account by streaming. The target is written completely or not at all; an existing
/// target is replaced. The attempt fails if the source changes while it is being copied.
/// </summary>
[Job("blob.copy")]
internal sealed class BlobCopyJob(UserStorage storage) : IJobHandler<BlobCopyPayload, BlobCopyResult>
{
    public async Task<JobOutcome<BlobCopyResult>> HandleAsync(
        BlobCopyPayload payload, JobContext context, CancellationToken cancellationToken)
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
