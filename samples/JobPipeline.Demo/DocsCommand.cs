using JobPipeline.Demo.Docs;

namespace JobPipeline.Demo;

/// <summary>Rewrites the generated part of docs/configuration.md.</summary>
internal static class DocsCommand
{
    public static int Run()
    {
        if (!File.Exists(ConfigurationDocument.File))
        {
            Console.Error.WriteLine($"{ConfigurationDocument.File} was not found; run this command from the repository's root.");
            return 66;
        }

        File.WriteAllText(ConfigurationDocument.File, ConfigurationDocument.Update(File.ReadAllText(ConfigurationDocument.File)));
        Console.WriteLine($"Written: {ConfigurationDocument.File}");
        return 0;
    }
}
