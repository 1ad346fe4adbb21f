using System.Text.Json;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The kind of a token.</summary>
internal enum ExpressionTokenKind
{
    /// <summary>A quoted or unquoted name.</summary>
    Name,

    /// <summary>A variable such as <c>$x</c>.</summary>
    Variable,

    /// <summary>A literal, a string or a number.</summary>
    Value,

    /// <summary>An operator or a bracket, such as <c>.</c>, <c>[?</c> or <c>||</c>.</summary>
    Sign,
}

/// <param name="Kind">The kind of the token.</param>
/// <param name="Text">The text of the token; empty for a value.</param>
internal readonly record struct ExpressionToken(ExpressionTokenKind Kind, string Text)
{
    public bool Is(string sign) => Kind == ExpressionTokenKind.Sign && Text == sign;
}

/// <summary>Splits a JMESPath expression into tokens, in enough detail to find the names in it. It never fails.</summary>
internal static class ExpressionLexer
{
    private static readonly string[] LongSigns = ["[?", "||", "&&", "==", "!=", "<=", ">=", "//"];

    public static bool IsQuote(char c) => c is '\'' or '"' or '`';

    /// <summary>
    /// Returns the index after the closing quote of the quoted text that begins at <paramref name="start"/>, or null if the quote
    /// is not closed.
    /// </summary>
    public static int? EndOfQuoted(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == text[start])
                return at + 1;
            if (text[at] == '\\')
                at++;
        }

        return null;
    }

    public static List<ExpressionToken> Tokens(string expression)
    {
        var tokens = new List<ExpressionToken>();
        for (var at = 0; at < expression.Length;)
        {
            var start = at;
            at = EndOf(expression, start);
            if (!char.IsWhiteSpace(expression[start]))
                tokens.Add(Token(expression[start..at]));
        }

        return tokens;
    }

    private static int EndOf(string text, int start)
    {
        var c = text[start];
        if (IsQuote(c))
            return EndOfQuoted(text, start) ?? text.Length;
        if (IsWord(c) || (c == '$' && start + 1 < text.Length && IsWord(text[start + 1])))
        {
            var at = start + 1;
            while (at < text.Length && IsWord(text[at]))
                at++;
            return at;
        }

        return start + (LongSigns.Any(sign => string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0) ? 2 : 1);
    }

    private static ExpressionToken Token(string text) => text[0] switch
    {
        '"' => new ExpressionToken(ExpressionTokenKind.Name, Unquote(text)),
        '\'' or '`' => new ExpressionToken(ExpressionTokenKind.Value, ""),
        '$' when text.Length > 1 => new ExpressionToken(ExpressionTokenKind.Variable, text),
        var c when char.IsAsciiDigit(c) => new ExpressionToken(ExpressionTokenKind.Value, ""),
        var c when IsWord(c) => new ExpressionToken(ExpressionTokenKind.Name, text),
        _ => new ExpressionToken(ExpressionTokenKind.Sign, text),
    };

    private static string Unquote(string quoted)
    {
        try
        {
            return JsonElement.Parse(quoted).GetString()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return quoted.Trim('"');
        }
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
