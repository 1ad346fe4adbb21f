namespace JobPipeline.Demo.Docs;

/// <summary>docs/configuration.md: an introduction written by hand, and the reference of all settings between two marks.</summary>
internal static class ConfigurationDocument
{
    public const string File = "docs/configuration.md";

    private const string Begin = "<!-- Generated from the options classes by 'dotnet run dev.cs docs'. Do not edit below this line. -->\n";
    private const string End = "<!-- End of the generated part. -->\n";

    /// <summary>Replaces the part between the marks by the reference of all settings.</summary>
    /// <exception cref="InvalidOperationException">A mark is missing.</exception>
    public static string Update(string document)
    {
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{document[..(begin + Begin.Length)]}\n{SettingTables.Write()}{document[end..]}"
            : throw new InvalidOperationException($"{File} must contain these two lines, in this order:\n{Begin}{End}");
    }
}
