namespace JobPipeline.Functions.Queues;

/// <summary>The setting with the connection to the storage account, which is the Functions host's own.</summary>
internal static class StorageConnection
{
    public const string Name = "AzureWebJobsStorage";
}
