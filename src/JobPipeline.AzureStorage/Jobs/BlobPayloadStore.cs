using Azure;
using Azure.Storage.Blobs;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Stores payloads in a blob container.</summary>
internal sealed class BlobPayloadStore(BlobContainerClient container) : IPayloadStore
{
    public Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        container.GetBlobClient(name.Path).UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(name.Path).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
        }
        catch (RequestFailedException e) when (e.ErrorCode == Azure.Storage.Blobs.Models.BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }
}
