using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using JobPipeline.AzureStorage.Start;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage;

/// <summary>The three service clients of the storage account, authenticated by connection string or by identity.</summary>
internal sealed class StorageClients
{
    private readonly string _prefix;

    /// <exception cref="InvalidOperationException">Neither a connection string nor an account name is configured, or it is
    /// invalid.</exception>
    public StorageClients(AzureStorageOptions options, IConfiguration configuration, StorageMeter? meter = null)
    {
        _prefix = options.Prefix;
        Account = StorageAccount.Of(options, configuration) ?? throw new InvalidOperationException(
            $"No storage is configured. Set {AzureStorageOptions.Section}:ConnectionString (\"UseDevelopmentStorage=true\" for Azurite), "
                + $"AzureWebJobsStorage, or {AzureStorageOptions.Section}:AccountName to authenticate by identity.");
        if (Account.Error() is { } error)
            throw new InvalidOperationException(error);
        if (Account.ConnectionString is { } connection)
        {
            Queues = new QueueServiceClient(connection, Configured(new QueueClientOptions(), options, meter, "queue"));
            Tables = new TableServiceClient(connection, Configured(new TableClientOptions(), options, meter, "table"));
            Blobs = new BlobServiceClient(connection, Configured(new BlobClientOptions(), options, meter, "blob"));
            return;
        }

        var credential = Credential(Account.ClientId);
        Queues = new QueueServiceClient(AddressOf("queue"), credential, Configured(new QueueClientOptions(), options, meter, "queue"));
        Tables = new TableServiceClient(AddressOf("table"), credential, Configured(new TableClientOptions(), options, meter, "table"));
        Blobs = new BlobServiceClient(AddressOf("blob"), credential, Configured(new BlobClientOptions(), options, meter, "blob"));
    }

    /// <summary>The account of the clients and the setting that configures it.</summary>
    public StorageAccount Account { get; }

    public QueueServiceClient Queues { get; }

    public TableServiceClient Tables { get; }

    public BlobServiceClient Blobs { get; }

    public QueueClient Queue(string name) => Queues.GetQueueClient(_prefix + name);

    public TableClient Table(string name) => Tables.GetTableClient(_prefix + name);

    public BlobContainerClient Container(string name) => Blobs.GetBlobContainerClient(_prefix + name);

    private Uri AddressOf(string service) => new($"https://{Account.Name}.{service}.core.windows.net");

    private static TokenCredential Credential(string? clientId) => clientId is null
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));

    private static TOptions Configured<TOptions>(TOptions client, AzureStorageOptions options, StorageMeter? meter, string service)
        where TOptions : ClientOptions
    {
        options.ConfigureClient?.Invoke(client);
        if (meter is not null)
            client.AddPolicy(meter.PolicyFor(service), HttpPipelinePosition.PerRetry);
        return client;
    }
}
