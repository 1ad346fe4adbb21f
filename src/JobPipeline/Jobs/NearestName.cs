namespace JobPipeline.Jobs;

/// <summary>
/// Suggests the nearest name ("did you mean ...?") by Levenshtein distance, for wrong names in configuration and requests.
/// </summary>
internal static class NearestName
{
    private const string Begin = "; did you mean '";
    private const string End = "'?";

    /// <summary>
    /// Gets a hint at the nearest candidate, such as <c>; did you mean 'state'?</c>, or an empty string when no candidate is
    /// near.
    /// </summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        var nearest = candidates.Select(c => (Name: c, Distance: Distance(name, c)))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, name.Length / 2) ? $"{Begin}{nearest.Name}{End}" : "";
    }

    /// <summary>Removes the hint from the end of a text.</summary>
    internal static string WithoutHint(string text) =>
        text.EndsWith(End, StringComparison.Ordinal)
            && text.LastIndexOf(Begin, StringComparison.Ordinal) is var begin and >= 0
                ? text[..begin]
                : text;

    /// <summary>Gets the Levenshtein distance, ignoring case.</summary>
    internal static int Distance(string a, string b)
    {
        if (a.Length > 128 || b.Length > 128)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
