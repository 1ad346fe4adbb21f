namespace JobPipeline.Failures.Fingerprints;

/// <summary>Limits the length of a text.</summary>
internal static class Bounded
{
    /// <summary>Returns at most <paramref name="max"/> UTF-16 units, without splitting a surrogate pair.</summary>
    public static string Text(string text, int max)
    {
        if (text.Length <= max)
            return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
