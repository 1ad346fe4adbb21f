namespace JobPipeline.Demo.Local;

/// <summary>
/// The settings that Core Tools passes to the Functions app on this machine. They may contain secrets, so they are not
/// tracked.
/// </summary>
internal static class LocalSettings
{
    private const string Sample = "local.settings.sample.json";
    private const string Own = "local.settings.json";

    public static void CopyOnFirstUse()
    {
        if (File.Exists(Own))
            return;
        File.Copy(Sample, Own);
        Console.WriteLine($"Created {Own} from {Sample}");
    }
}
