using System.Buffers;
using System.Text;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Writes the shape of a message. Numbers with only separators between them become one (a date, a list, a number with thousands
/// separators), and so do the parts of a path that contains spaces.
/// </summary>
internal readonly ref struct ShapeWriter(StringBuilder text, bool keepsTypeNames)
{
    public const string Number = "<n>";
    public const string Id = "<id>";
    public const string Path = "<path>";
    public const string Email = "<email>";
    private const string Text = "<text>";

    private static readonly SearchValues<char> IdentifierChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_`+");

    private const int MaxNameChars = 200;
    private const int MaxSeparators = 3;

    public int Length => text.Length;

    public void Punctuation(char mark)
    {
        // White space is collapsed into one space; the padding of base64 belongs to it.
        if (char.IsWhiteSpace(mark) || char.IsControl(mark))
        {
            if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
        }
        else if (mark != '=' || !EndsWith(Id, text.Length))
        {
            text.Append(mark);
        }
    }

    public void Literal(ReadOnlySpan<char> word)
    {
        // A unit, or another word that belongs to the preceding number or date.
        if (text.Length > 0 && text[^1] is (' ' or '-') && EndsWith(Number, text.Length - 1) && NumberWords.Follows(word))
            text.Length--;
        else
            text.Append(word);
    }

    public void Placeholder(string placeholder)
    {
        if (placeholder == Number && JoinsANumber() is { } end)
            text.Length = end;
        else if (placeholder == Path && text.Length > 0 && text[^1] == ' ' && EndsWith(Path, text.Length - 1))
            text.Length--;
        else
            text.Append(placeholder);
    }

    /// <summary>Writes a quotation. It is replaced, unless it names a type: often only that distinguishes one bug from another.</summary>
    public void Quoted(ReadOnlySpan<char> content)
    {
        text.Append('\'');
        if (keepsTypeNames && IsTypeName(content))
            text.Append(content);
        else
            text.Append(Text);
        text.Append('\'');
    }

    public override string ToString() => text.ToString().TrimEnd();

    /// <summary>Returns the end of the preceding number; null if more than separators lies between.</summary>
    private int? JoinsANumber()
    {
        for (var end = text.Length; end > 0 && end >= text.Length - MaxSeparators; end--)
        {
            if (EndsWith(Number, end))
                return end;
            if (text[end - 1] is not (' ' or ',' or '.' or ':' or ';' or '/' or '-' or '+'))
                return null;
        }

        return null;
    }

    private bool EndsWith(string tail, int end)
    {
        if (end < tail.Length)
            return false;
        for (var i = 0; i < tail.Length; i++)
        {
            if (text[end - tail.Length + i] != tail[i])
                return false;
        }

        return true;
    }

    /// <summary>
    /// Returns whether the content is a type name: at least two parts with capitals, as in <c>Shop.Orders.IOrderStore</c>.
    /// </summary>
    private static bool IsTypeName(ReadOnlySpan<char> content)
    {
        if (content.Length > MaxNameChars || content.IndexOf('.') <= 0)
            return false;
        foreach (var range in content.Split('.'))
        {
            var part = content[range];
            if (part.Length < 2 || !char.IsAsciiLetterUpper(part[0]) || part.ContainsAnyExcept(IdentifierChars))
                return false;
        }

        return true;
    }
}
