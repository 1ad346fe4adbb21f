using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>A blob, pinned to the ETag with which it was found: every range is read under that condition.</summary>
internal sealed class BlobSource : Source
{
    private const int BufferBytes = 4 * 1024 * 1024;

    private readonly BlobClient _blob;

    private BlobSource(BlobClient blob, string name, BlobProperties properties)
        : base(name, properties.ETag.ToString(), properties.ContentLength) => (_blob, ContentType) = (blob, properties.ContentType);

    public string ContentType { get; }

    /// <exception cref="JobRejectedException">
    /// The blob does not exist, or jobs may not use it. Producers write the data before the message, so a missing blob means a
    /// wrong name, which is better reported at once than after five attempts.
    /// </exception>
    public static async Task<BlobSource> FindAsync(UserStorage storage, BlobAddress name, CancellationToken cancellationToken)
    {
        var blob = storage.Blob(name);
        try
        {
            return new BlobSource(blob, name.ToString(), (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new JobRejectedException($"Blob '{name}' does not exist in the storage account '{blob.AccountName}'.", e);
        }
    }

    public override async Task<Stream> OpenAsync(long position, CancellationToken cancellationToken)
    {
        if (position >= Length)
            return Stream.Null;
        var options = new BlobOpenReadOptions(allowModifications: false)
        {
            Position = position,
            BufferSize = (int)Math.Min(BufferBytes, Length - position),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(Version) },
        };
        return await _blob.OpenReadAsync(options, cancellationToken);
    }
}
