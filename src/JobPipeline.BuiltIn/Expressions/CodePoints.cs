namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Handles strings as sequences of code points; an unpaired surrogate counts as one.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var pairs = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                pairs++;
        }

        return text.Length - pairs;
    }

    public static string Reverse(string text)
    {
        var reversed = text.ToCharArray();
        Array.Reverse(reversed);
        for (var i = 1; i < reversed.Length; i++)
        {
            // A pair that was reversed; unpaired surrogates in the original were not in that order.
            if (char.IsSurrogatePair(reversed[i], reversed[i - 1]))
                (reversed[i - 1], reversed[i], i) = (reversed[i], reversed[i - 1], i + 1);
        }

        return new string(reversed);
    }

    /// <summary>Compares by code points; null sorts first.</summary>
    public static int Compare(string? left, string? right)
    {
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        // In UTF-16, surrogates sort below the last code points of a single unit.
        return Rank(left[same]).CompareTo(Rank(right[same]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x1_0000 : unit;
}
