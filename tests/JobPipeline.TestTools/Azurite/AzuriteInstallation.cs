namespace JobPipeline.TestTools.Azurite;

/// <summary>Finds the npm package of Azurite.</summary>
internal static class AzuriteInstallation
{
    private static readonly string Entry = Path.Combine("node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Returns the path of Azurite's entry script.</summary>
    /// <exception cref="InvalidOperationException">Azurite is not installed.</exception>
    public static string Script() =>
        Above(AppContext.BaseDirectory).Concat(Above(Environment.CurrentDirectory))
            .Select(folder => Path.Combine(folder, Entry))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Azurite is not installed. Run 'npm ci' in the folder that holds package.json.");

    private static IEnumerable<string> Above(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            yield return current.FullName;
    }
}
