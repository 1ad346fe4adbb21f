using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// The text of an expression in which the content of every literal and raw string is replaced by a number. The library's parser
/// rejects some JSON in literals, and reads two backslashes in a raw string as one.
/// </summary>
internal sealed class ExpressionSource
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _quoted = [];

    public ExpressionSource(string expression)
    {
        for (var at = 0; at < expression.Length;)
            at = Take(expression, at);
    }

    /// <summary>Gets the text for the library's parser.</summary>
    public string Text => _text.ToString();

    /// <summary>Returns the JSON of a literal.</summary>
    /// <param name="number">The number that replaced it.</param>
    public string Literal(string number) => Quoted(number).Replace(@"\`", "`", StringComparison.Ordinal);

    /// <summary>Returns a raw string; a backslash is literal except before a quote.</summary>
    /// <inheritdoc cref="Literal"/>
    public string RawText(string number)
    {
        var raw = Quoted(number);
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            var isPair = raw[i] == '\\' && i + 1 < raw.Length;
            if (!isPair || raw[i + 1] != '\'')
                text.Append(raw[i]);
            if (isPair)
                text.Append(raw[++i]);
        }

        return text.ToString();
    }

    private string Quoted(string number) => _quoted[int.Parse(number, CultureInfo.InvariantCulture)];

    private int Take(string expression, int at)
    {
        var c = expression[at];
        if (c is '\'' or '"' or '`' && EndOf(expression, at) is { } end)
            return TakeQuoted(expression[at..end], end);
        if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            return TakeUpTo(expression, at, at + 1);
        var word = expression.AsSpan(at).IndexOfAnyExcept(Word);
        var after = word < 0 ? expression.Length : at + word;
        var number = expression.AsSpan(at, after - at);
        if (!number.ContainsAnyExceptInRange('0', '9') && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new ExpressionValueException($"{number} is not a valid array index; the maximum is {int.MaxValue}");
        return TakeUpTo(expression, at, after);
    }

    private int TakeQuoted(string quoted, int end)
    {
        if (quoted[0] == '"')
        {
            _text.Append(quoted);
            return end;
        }

        _text.Append(CultureInfo.InvariantCulture, $"{quoted[0]}{_quoted.Count}{quoted[0]}");
        _quoted.Add(quoted[1..^1]);
        return end;
    }

    private int TakeUpTo(string expression, int from, int to)
    {
        _text.Append(expression, from, to - from);
        return to;
    }

    /// <summary>Returns the index after the quote that closes the one at a position, or null if it is not closed.</summary>
    private static int? EndOf(string expression, int start)
    {
        for (var i = start + 1; i < expression.Length; i++)
        {
            if (expression[i] == expression[start])
                return i + 1;
            if (expression[i] == '\\')
                i++;
        }

        return null;
    }

    private static readonly System.Buffers.SearchValues<char> Word =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
