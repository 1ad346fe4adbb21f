using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DurableTask.AzureStorage;
using JobPipeline.Integration.Tests.Operations;

namespace JobPipeline.Benchmarks.Durable;

/// <summary>The storage clients of the Durable Task Framework, with its requests counted as ours are.</summary>
internal static class CountedClients
{
    public static StorageAccountClientProvider Create(string connection, OperationCounter operations) => new(
        StorageServiceClientProvider.ForBlob(connection, Counted(new BlobClientOptions(), operations)),
        StorageServiceClientProvider.ForQueue(connection, Counted(new QueueClientOptions(), operations)),
        StorageServiceClientProvider.ForTable(connection, Counted(new TableClientOptions(), operations)));

    private static TOptions Counted<TOptions>(TOptions options, OperationCounter operations)
        where TOptions : ClientOptions
    {
        operations.Attach(options);
        return options;
    }
}
