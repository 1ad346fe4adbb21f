using Azure.Storage.Blobs;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>Finds what a payload names.</summary>
internal sealed class SourceFinder(BlobServiceClient blobs, FileRoots files)
{
    /// <exception cref="JobRejectedException">It does not exist, or jobs may not read it.</exception>
    public async Task<Source> FindAsync(SourcePayload payload, CancellationToken cancellationToken) =>
        payload.Blob is { Length: > 0 } blob
            ? await BlobSource.FindAsync(blobs, BlobName.Parse(blob), cancellationToken)
            : new FileSource(payload.Path!, files.Find(payload.Path!));
}
