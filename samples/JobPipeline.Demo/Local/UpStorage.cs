using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Demo.Local;

/// <summary>The storage that <c>up</c> uses: what the environment names, an Azurite that runs, or one of its own.</summary>
internal static class UpStorage
{
    /// <summary>Null: the storage is not ours to stop. Says which it is.</summary>
    /// <exception cref="InvalidOperationException">A port is taken by something else; the message says what to do.</exception>
    public static async Task<AzuriteProcess?> EnsureAsync(UpSettings settings, string folder, CancellationToken cancellationToken)
    {
        if (settings.Storage is { } variable)
        {
            Console.WriteLine($"Using the storage of {variable}; Azurite is not started");
            return null;
        }

        var azurite = await LocalAzurite.EnsureAsync(Path.GetFullPath(folder), cancellationToken);
        Console.WriteLine(azurite is null ? "Azurite runs already: using it" : $"Started Azurite; its data is in {folder}/");
        return azurite;
    }
}
