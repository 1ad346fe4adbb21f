using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>A blob, pinned to the ETag it was found with: every range is asked for under that condition.</summary>
internal sealed class BlobSource : Source
{
    private const int BufferBytes = 4 * 1024 * 1024;

    private readonly BlobClient _blob;

    private BlobSource(BlobClient blob, string name, BlobProperties properties)
        : base(name, properties.ETag.ToString(), properties.ContentLength) => (_blob, ContentType) = (blob, properties.ContentType);

    public string ContentType { get; }

    /// <exception cref="JobRejectedException">
    /// There is no such blob, or jobs may not use it. A producer writes the data before the message, so one that is missing
    /// is a wrong name, and saying so at once is worth more than five attempts.
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
            throw new JobRejectedException($"There is no blob '{name}' in the storage account '{blob.AccountName}'.", e);
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
