using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// The storage account as payloads may use it, and the only way from a name in a payload to a client of the Azure SDK. Each client is
/// checked against the address for which it was created.
/// </summary>
internal sealed class UserStorage(
    BlobServiceClient blobs, TableServiceClient tables, ReservedNames reserved, IOptions<BuiltInOptions> options)
{
    private readonly StorageAccess _access = new(reserved, options.Value.Storage);

    /// <exception cref="JobRejectedException">Payloads may not use the container.</exception>
    public void Check(BlobAddress address) => _access.Check(address);

    /// <exception cref="JobRejectedException">Payloads may not use the table.</exception>
    public void Check(TableName table) => _access.Check(table);

    /// <inheritdoc cref="Check(BlobAddress)"/>
    public BlobClient Blob(BlobAddress address) => Checked(ContainerOf(address).GetBlobClient(address.Name), address);

    /// <inheritdoc cref="Check(BlobAddress)"/>
    public AppendBlobClient AppendBlob(BlobAddress address) => Checked(ContainerOf(address).GetAppendBlobClient(address.Name), address);

    /// <summary>Creates the container of a blob if it does not exist.</summary>
    /// <exception cref="JobRejectedException">Payloads may not use the container.</exception>
    public Task CreateContainerAsync(BlobAddress address, CancellationToken cancellationToken) =>
        ContainerOf(address).CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <inheritdoc cref="Check(TableName)"/>
    public TableClient Table(TableName table)
    {
        Check(table);
        return tables.GetTableClient(table.Value);
    }

    private BlobContainerClient ContainerOf(BlobAddress address)
    {
        Check(address);
        return blobs.GetBlobContainerClient(address.Container);
    }

    private static TClient Checked<TClient>(TClient client, BlobAddress address)
        where TClient : BlobBaseClient =>
        client.BlobContainerName == address.Container && client.Name == address.Name
            ? client
            : throw new JobRejectedException(
                $"'{address}' would be read as '{client.BlobContainerName}/{client.Name}'. Use another name for the blob.");
}
