using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Demo.Local;

/// <summary>The storage of <c>up</c>: the configured account, a running Azurite, or one started here.</summary>
internal static class UpStorage
{
    /// <summary>Starts the storage and prints which one is used. Returns null if it must not be stopped here.</summary>
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
        return azurite;
    }
}
