using System.Buffers;
using System.Text;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Reduces the first line of a message to its shape by replacing variable parts: ids, numbers with their units, times, paths, quoted
/// text, addresses. A single hand-written pass in bounded time, whatever the text.
/// </summary>
internal static class MessageShape
{
    /// <summary>The number of characters of the first line that are read.</summary>
    private const int MaxInput = 1000;

    private const int MaxOutput = 300;
    private const string Quotes = "'\"`‘“«";
    private const string Closings = "'\"`’”»";

    /// <summary>The characters that end a word, besides white space.</summary>
    private static readonly SearchValues<char> Delimiters = SearchValues.Create("'\"`‘’“”«»()[]{},;|<>=!?");

    /// <summary>The characters that end a URL.</summary>
    private static readonly SearchValues<char> AddressDelimiters = SearchValues.Create("'\"`‘’“”«»()<>");

    /// <param name="message">The message.</param>
    /// <param name="keepsTypeNames">Whether quoted type names are kept.</param>
    public static string Of(string message, bool keepsTypeNames)
    {
        var line = FirstLine(message);
        var shape = new ShapeWriter(new StringBuilder(Math.Min(line.Length, MaxOutput) + 16), keepsTypeNames);
        var unclosed = 0;
        for (var i = 0; i < line.Length && shape.Length < MaxOutput;)
        {
            var quote = Quotes.IndexOf(line[i], StringComparison.Ordinal);
            if (quote >= 0 && (unclosed & (1 << quote)) == 0 && (i == 0 || !char.IsLetterOrDigit(line[i - 1])))
            {
                if (Closing(line, i + 1, Closings[quote]) is var end && end > 0)
                {
                    shape.Quoted(line[(i + 1)..end]);
                    i = end + 1;
                    continue;
                }

                // A later quote of this kind can't be closed either.
                unclosed |= 1 << quote;
            }

            var length = WordLength(line, i);
            if (length == 0)
            {
                shape.Punctuation(line[i++]);
                continue;
            }

            Word(line.Slice(i, length), ref shape);
            i += length;
        }

        return Bounded.Text(shape.ToString(), MaxOutput);
    }

    private static ReadOnlySpan<char> FirstLine(string message)
    {
        var text = message.AsSpan().TrimStart();
        var end = text.IndexOfAny('\r', '\n');
        if (end >= 0)
            text = text[..end];
        return text[..Math.Min(text.Length, MaxInput)].TrimEnd();
    }

    /// <summary>
    /// Returns the end of a quotation: a mark that is not followed by a letter, because that would be an apostrophe. Returns -1 if
    /// there is none.
    /// </summary>
    private static int Closing(ReadOnlySpan<char> line, int from, char mark)
    {
        for (var i = from; i < line.Length; i++)
        {
            if (line[i] == mark && (i + 1 == line.Length || !char.IsLetterOrDigit(line[i + 1])))
                return i;
        }

        return -1;
    }

    /// <summary>Returns the length of the word; it includes a comma within a number and an apostrophe within a word.</summary>
    private static int WordLength(ReadOnlySpan<char> line, int from)
    {
        var i = from;
        var delimiters = Delimiters;
        while (i < line.Length && !char.IsWhiteSpace(line[i]) && !char.IsControl(line[i]))
        {
            if (i > from && line[i - 1] == ':' && line[i..].StartsWith("//"))
                delimiters = AddressDelimiters;
            if (delimiters.Contains(line[i]) && !(i > from && i + 1 < line.Length && Joins(line[i - 1], line[i], line[i + 1])))
                break;
            i++;
        }

        return i - from;
    }

    private static bool Joins(char before, char mark, char after) => mark switch
    {
        ',' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
        '\'' or '’' => char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after),
        _ => false,
    };

    /// <summary>Writes a word. A period or colon after it is not part of it.</summary>
    private static void Word(ReadOnlySpan<char> word, ref ShapeWriter shape)
    {
        var core = word.TrimEnd(".:…");
        if (WholeWord.SortOf(core) is { } placeholder)
            shape.Placeholder(placeholder);
        else if (core.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0)
            WholeWord.WriteAddress(core, scheme, ref shape);
        else
            WordParts.Write(core, ref shape);
        foreach (var mark in word[core.Length..])
            shape.Punctuation(mark);
    }
}
