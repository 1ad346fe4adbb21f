namespace JobPipeline.Jobs.Wire;

/// <summary>The byte order mark that some programs put in front of a text. It has no meaning in UTF-8, so it is passed over.</summary>
public static class Utf8Mark
{
    /// <summary>The text without white space around it and without the mark at its beginning.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        var trimmed = MemoryExtensions.Trim(text, " \t\r\n"u8);
        return trimmed.Span.StartsWith("\uFEFF"u8) ? MemoryExtensions.Trim(trimmed[3..], " \t\r\n"u8) : trimmed;
    }
}
