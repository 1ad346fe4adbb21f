namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Recognises words that are a single value: numbers, e-mail addresses, paths and base64. Of a URL, scheme and host are kept.
/// </summary>
internal static class WholeWord
{
    private const int MinBase64 = 20;

    /// <summary>Returns the placeholder for the word; null if its parts have to be read one by one.</summary>
    public static string? SortOf(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
            return null;
        if (IsNumeric(word))
            return ShapeWriter.Number;
        if (word.IndexOf("://", StringComparison.Ordinal) > 0)
            return null;
        if (IsEmail(word))
            return ShapeWriter.Email;
        if (IsRooted(word))
            return ShapeWriter.Path;
        if (IsBase64(word))
            return ShapeWriter.Id;
        return word.Contains('\\') || word.Count('/') > 1 ? ShapeWriter.Path : null;
    }

    /// <summary>Writes scheme and host: another host is another dependency, but the path and query vary between requests.</summary>
    public static void WriteAddress(ReadOnlySpan<char> word, int scheme, ref ShapeWriter shape)
    {
        var host = word[(scheme + 3)..];
        host = host.IndexOfAny('/', '?', '#') is var end and >= 0 ? host[..end] : host;
        host = host[(host.LastIndexOf('@') + 1)..];
        if (host.IndexOf(':') is var port and > 0)
            host = host[..port];
        shape.Literal(word[..(scheme + 3)]);
        if (SortOf(host) is { } placeholder)
            shape.Placeholder(placeholder);
        else
            WordParts.Write(host, ref shape);
    }

    /// <summary>
    /// Returns whether the word consists of digits and the characters that join them in numbers, times, versions, IP and MAC
    /// addresses.
    /// </summary>
    private static bool IsNumeric(ReadOnlySpan<char> word)
    {
        var (digits, colons, isHex) = (0, 0, false);
        foreach (var c in word)
        {
            if (char.IsAsciiDigit(c))
                digits++;
            else if (c == ':')
                colons++;
            else if (char.IsAsciiHexDigit(c))
                isHex = true;
            else if (c is not ('.' or ',' or '/' or '+' or '-' or '%' or 'T' or 'Z'
                or '_' or '’' or '\'' or '$' or '€' or '£' or '°'))
                return false;
        }

        return isHex ? colons > 1 : digits > 0;
    }

    private static bool IsEmail(ReadOnlySpan<char> word) =>
        word.IndexOf('@') is var at and > 0
        && word.LastIndexOf('@') == at
        && word[at..].LastIndexOf('.') > 1
        && !word.ContainsAny('/', '\\');

    private static bool IsRooted(ReadOnlySpan<char> word) => word.Length > 1 && (word[0], word[1]) switch
    {
        ('/', var next) => char.IsLetterOrDigit(next) || next is '.' or '_',
        ('~', '/') or ('\\', '\\') => true,
        ('.', '/' or '\\') => true,
        ('.', '.') => word.Length > 2 && word[2] is '/' or '\\',
        var (drive, colon) => char.IsAsciiLetter(drive) && colon == ':' && word.Length > 2 && word[2] is '/' or '\\',
    };

    private static bool IsBase64(ReadOnlySpan<char> word)
    {
        if (word.Length < MinBase64)
            return false;
        var (digits, upper, lower) = (false, false, false);
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/' or '_' or '-'))
                return false;
            (digits, upper, lower) =
                (digits || char.IsAsciiDigit(c), upper || char.IsAsciiLetterUpper(c), lower || char.IsAsciiLetterLower(c));
        }

        return digits && upper && lower;
    }
}
