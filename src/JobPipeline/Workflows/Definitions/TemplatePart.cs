namespace JobPipeline.Workflows.Definitions;

/// <summary>A part of a string that may contain expressions.</summary>
/// <param name="Text">The text, or the expression without its braces.</param>
/// <param name="IsExpression">Whether the part is an expression, written between <c>${{</c> and <c>}}</c>.</param>
internal readonly record struct TemplatePart(string Text, bool IsExpression)
{
    private const string Open = "${{";

    /// <summary>Splits a string into its parts, in order. An expression that is not closed is treated as text.</summary>
    public static List<TemplatePart> Of(string text) => Of(text, out _);

    /// <summary>Whether the string contains an expression that is not closed.</summary>
    public static bool IsUnclosed(string text)
    {
        Of(text, out var isUnclosed);
        return isUnclosed;
    }

    private static List<TemplatePart> Of(string text, out bool isUnclosed)
    {
        var parts = new List<TemplatePart>();
        var from = 0;
        isUnclosed = false;
        while (text.IndexOf(Open, from, StringComparison.Ordinal) is var start and >= 0)
        {
            if (EndOf(text, start + Open.Length) is not { } end)
            {
                isUnclosed = true;
                break;
            }

            if (start > from)
                parts.Add(new TemplatePart(text[from..start], false));
            parts.Add(new TemplatePart(text[(start + Open.Length)..end].Trim(), true));
            from = end + 2;
        }

        if (from < text.Length || parts.Count == 0)
            parts.Add(new TemplatePart(text[from..], false));
        return parts;
    }

    /// <summary>
    /// Finds the braces that close the expression: not within quotes, and not those of an object within the expression.
    /// </summary>
    private static int? EndOf(string text, int from)
    {
        var open = 0;
        for (var at = from; at < text.Length; at++)
        {
            var c = text[at];
            if (ExpressionLexer.IsQuote(c))
            {
                if (ExpressionLexer.EndOfQuoted(text, at) is not { } end)
                    return null;
                at = end - 1;
            }
            else if (c == '{')
            {
                open++;
            }
            else if (c == '}' && open > 0)
            {
                open--;
            }
            else if (c == '}' && at + 1 < text.Length && text[at + 1] == '}')
            {
                return at;
            }
        }

        return null;
    }
}
