using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>Finds the blob or file that a payload names.</summary>
internal sealed class SourceFinder(UserStorage storage, FileRoots files)
{
    /// <exception cref="JobRejectedException">The blob or file does not exist, or jobs may not read it.</exception>
    public async Task<Source> FindAsync(SourcePayload payload, CancellationToken cancellationToken) => payload.Blob is { } blob
        ? await BlobSource.FindAsync(storage, blob, cancellationToken)
        : new FileSource(payload.Path!.Value, files.Find(payload.Path));
}
