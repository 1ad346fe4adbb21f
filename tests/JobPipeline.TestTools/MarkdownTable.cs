namespace JobPipeline.TestTools;

/// <summary>Reads a table of a Markdown file, found by the first cell of its header.</summary>
internal static class MarkdownTable
{
    public static IReadOnlyList<string[]> Read(string file, string header)
    {
        var rows = Repository.Read(file).Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {header} |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => Array.ConvertAll(line.Trim().Trim('|').Split('|'), cell => cell.Trim()))
            .ToList();
        return rows.Count > 2 ? rows[2..] : throw new InvalidOperationException($"{file} has no table that starts with '{header}'.");
    }

    /// <summary>Whether the cell contains the value: alone, in a list, or as "any".</summary>
    public static bool Covers(string cell, string value) => cell == "any" || cell.Split(", ").Contains(value, StringComparer.Ordinal);
}
