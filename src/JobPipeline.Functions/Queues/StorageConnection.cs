namespace JobPipeline.Functions.Queues;

/// <summary>The setting that names the storage account: the Functions host's own.</summary>
internal static class StorageConnection
{
    public const string Name = "AzureWebJobsStorage";
}
