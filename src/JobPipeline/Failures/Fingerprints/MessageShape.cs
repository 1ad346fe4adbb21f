using System.Buffers;
using System.Text;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// The first line of a message with what changes from one time to the next replaced: ids, numbers with their units, times,
/// paths, quoted text, addresses. One pass by hand, whose time is bounded whatever the text.
/// </summary>
internal static class MessageShape
{
    /// <summary>So much of the first line is looked at.</summary>
    private const int MaxInput = 1000;

    private const int MaxOutput = 300;
    private const string Quotes = "'\"`‘“«";
    private const string Closings = "'\"`’”»";

    /// <summary>What ends a word, beside white space.</summary>
    private static readonly SearchValues<char> Delimiters = SearchValues.Create("'\"`‘’“”«»()[]{},;|<>=!?");

    /// <summary>What ends a web address.</summary>
    private static readonly SearchValues<char> AddressDelimiters = SearchValues.Create("'\"`‘’“”«»()<>");

    /// <param name="message">The message.</param>
    /// <param name="keepsTypeNames">True: quotations that name a type stay.</param>
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

                // Nor will a later one be closed.
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

    /// <summary>Where a quotation ends: a mark with no letter behind it, for that would be an apostrophe. -1: nowhere.</summary>
    private static int Closing(ReadOnlySpan<char> line, int from, char mark)
    {
        for (var i = from; i < line.Length; i++)
        {
            if (line[i] == mark && (i + 1 == line.Length || !char.IsLetterOrDigit(line[i + 1])))
                return i;
        }

        return -1;
    }

    /// <summary>A comma within a number and an apostrophe within a word belong to it.</summary>
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

    /// <summary>A stop or colon behind a word is none of it.</summary>
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
