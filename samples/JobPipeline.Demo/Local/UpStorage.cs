using Azure.Storage.Blobs;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Demo.Local;

/// <summary>The storage of <c>up</c>: the configured account, a running Azurite, or one started here.</summary>
internal static class UpStorage
{
    /// <summary>The blob that the first job of the README reads.</summary>
    private const string Sample = "orders.csv";

    /// <summary>
    /// Starts the storage, uploads a sample to Azurite and prints which storage is used. Returns null if it must not be stopped here.
    /// </summary>
    /// <exception cref="InvalidOperationException">A port is in use by another program; the message states the remedy.</exception>
    public static async Task<AzuriteProcess?> EnsureAsync(UpSettings settings, string folder, CancellationToken cancellationToken)
    {
        if (settings.Storage is { } variable)
        {
            Console.WriteLine($"Using the storage account of {variable}; Azurite is not started");
            return null;
        }

        var azurite = await LocalAzurite.EnsureAsync(Path.GetFullPath(folder), cancellationToken);
        Console.WriteLine(azurite is null ? "Using the running Azurite" : $"Started Azurite; its data is in {folder}/");
        await UploadSampleAsync(cancellationToken);
        return azurite;
    }

    private static async Task UploadSampleAsync(CancellationToken cancellationToken)
    {
        var inbox = new BlobServiceClient(LocalAzurite.WellKnown).GetBlobContainerClient("inbox");
        await inbox.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = inbox.GetBlobClient(Sample);
        if (!await blob.ExistsAsync(cancellationToken))
            await blob.UploadAsync(Path.Combine(AppContext.BaseDirectory, "data", "airports.csv"), cancellationToken);
        Console.WriteLine($"The blob inbox/{Sample} is a sample for your first job");
    }
}
