namespace JobPipeline.Failures.Fingerprints;

/// <summary>Writes a word part by part: names are kept, numbers and ids in them are replaced.</summary>
internal static class WordParts
{
    private const int GuidLength = 36;
    private const int MinHex = 8;
    private const int LongWithDigits = 16;
    private const int LongAtAll = 64;

    public static void Write(ReadOnlySpan<char> word, ref ShapeWriter shape)
    {
        for (var i = 0; i < word.Length;)
        {
            if (IsGuid(word[i..]))
            {
                shape.Placeholder(ShapeWriter.Id);
                i += GuidLength;
                continue;
            }

            var length = PartLength(word[i..]);
            if (length > 0)
                Part(word.Slice(i, length), ref shape);
            // The sign of a number is part of it.
            else if (word[i] is not ('-' or '+') || i > 0 || word.Length == 1 || !char.IsAsciiDigit(word[1]))
                shape.Punctuation(word[i]);
            i += Math.Max(length, 1);
        }
    }

    private static bool IsGuid(ReadOnlySpan<char> word) =>
        word.Length >= GuidLength && word[8] == '-' && Guid.TryParseExact(word[..GuidLength], "D", out _);

    private static int PartLength(ReadOnlySpan<char> word)
    {
        var length = 0;
        while (length < word.Length
            && (char.IsLetterOrDigit(word[length]) || char.IsSurrogate(word[length]) || word[length] is '\'' or '’'))
            length++;
        return length;
    }

    private static void Part(ReadOnlySpan<char> part, ref ShapeWriter shape)
    {
        var digits = part.IndexOfAnyInRange('0', '9');
        if (digits < 0)
        {
            if (part.Length < LongAtAll)
                shape.Literal(part);
            else
                shape.Placeholder(ShapeWriter.Id);
            return;
        }

        var runs = Runs(part);
        if (part.IndexOfAnyExceptInRange('0', '9') < 0)
            shape.Placeholder(ShapeWriter.Number);
        else if ((part.Length >= MinHex && IsHex(part))
            || part.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            || part.Length >= LongWithDigits)
            shape.Placeholder(ShapeWriter.Id);
        else if (digits == 0)
            shape.Placeholder(runs == 1 || IsQuantity(part) ? ShapeWriter.Number : ShapeWriter.Id);
        else if (runs == 1)
            Named(part, digits, ref shape);
        else
            shape.Placeholder(ShapeWriter.Id);
    }

    /// <summary>Writes a name with a number in it: <c>order42</c>, <c>Step2Handler</c>.</summary>
    private static void Named(ReadOnlySpan<char> part, int digits, ref ShapeWriter shape)
    {
        shape.Literal(part[..digits]);
        shape.Placeholder(ShapeWriter.Number);
        shape.Literal(part[(part.LastIndexOfAnyInRange('0', '9') + 1)..]);
    }

    /// <summary>Returns whether the part consists of numbers with units: <c>12ms</c>, <c>1h30m</c>.</summary>
    private static bool IsQuantity(ReadOnlySpan<char> part)
    {
        while (!part.IsEmpty)
        {
            var deadLetters = part.IndexOfAnyExceptInRange('0', '9');
            if (deadLetters < 0)
                return true;
            part = part[deadLetters..];
            var next = part.IndexOfAnyInRange('0', '9');
            var unit = next < 0 ? part : part[..next];
            if (!NumberWords.IsUnit(unit))
                return false;
            part = part[unit.Length..];
        }

        return true;
    }

    private static int Runs(ReadOnlySpan<char> part)
    {
        var runs = 0;
        for (var i = 0; i < part.Length; i++)
        {
            if (char.IsAsciiDigit(part[i]) && (i == 0 || !char.IsAsciiDigit(part[i - 1])))
                runs++;
        }

        return runs;
    }

    private static bool IsHex(ReadOnlySpan<char> part)
    {
        foreach (var c in part)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }

        return true;
    }
}
