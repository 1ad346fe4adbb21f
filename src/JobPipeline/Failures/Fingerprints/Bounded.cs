namespace JobPipeline.Failures.Fingerprints;

/// <summary>Text of a bounded length.</summary>
internal static class Bounded
{
    /// <summary>At most so many UTF-16 units, never half a surrogate pair.</summary>
    public static string Text(string text, int max)
    {
        if (text.Length <= max)
            return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
