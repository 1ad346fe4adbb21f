using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using JobPipeline.AzureStorage.Monitoring;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage;

/// <summary>The three service clients of the one storage account, by connection string or by identity.</summary>
internal sealed class StorageClients
{
    private readonly string _prefix;

    /// <exception cref="InvalidOperationException">Neither a connection string nor an account name is configured, or it can't be read.</exception>
    public StorageClients(AzureStorageOptions options, IConfiguration configuration, StorageMeter? meter = null)
    {
        _prefix = options.Prefix;
        var connection = FirstSet(options.ConnectionString, configuration["AzureWebJobsStorage"]);
        var account = FirstSet(options.AccountName, configuration["AzureWebJobsStorage:accountName"]);
        if (connection is not null)
        {
            try
            {
                Queues = new QueueServiceClient(connection, Configured(new QueueClientOptions(), options, meter, "queue"));
                Tables = new TableServiceClient(connection, Configured(new TableClientOptions(), options, meter, "table"));
                Blobs = new BlobServiceClient(connection, Configured(new BlobClientOptions(), options, meter, "blob"));
                return;
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                throw new InvalidOperationException($"{AzureStorageOptions.Section}:ConnectionString (or AzureWebJobsStorage) is not a storage connection string: {e.Message}", e);
            }
        }

        if (account is null)
        {
            throw new InvalidOperationException(
                $"No storage is configured. Set {AzureStorageOptions.Section}:ConnectionString (\"UseDevelopmentStorage=true\" for Azurite), AzureWebJobsStorage, or {AzureStorageOptions.Section}:AccountName to sign in by identity.");
        }

        var credential = Credential(FirstSet(options.ClientId, configuration["AzureWebJobsStorage:clientId"]));
        Queues = new QueueServiceClient(new Uri($"https://{account}.queue.core.windows.net"), credential, Configured(new QueueClientOptions(), options, meter, "queue"));
        Tables = new TableServiceClient(new Uri($"https://{account}.table.core.windows.net"), credential, Configured(new TableClientOptions(), options, meter, "table"));
        Blobs = new BlobServiceClient(new Uri($"https://{account}.blob.core.windows.net"), credential, Configured(new BlobClientOptions(), options, meter, "blob"));
    }

    public QueueServiceClient Queues { get; }

    public TableServiceClient Tables { get; }

    public BlobServiceClient Blobs { get; }

    public QueueClient Queue(string name) => Queues.GetQueueClient(_prefix + name);

    public TableClient Table(string name) => Tables.GetTableClient(_prefix + name);

    public BlobContainerClient Container(string name) => Blobs.GetBlobContainerClient(_prefix + name);

    /// <summary>A blank setting counts as none: sample files are full of them.</summary>
    private static string? FirstSet(string? first, string? second) =>
        !string.IsNullOrWhiteSpace(first) ? first : !string.IsNullOrWhiteSpace(second) ? second : null;

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
