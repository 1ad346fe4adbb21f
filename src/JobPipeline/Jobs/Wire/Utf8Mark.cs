namespace JobPipeline.Jobs.Wire;

/// <summary>Removes the byte order mark that some programs write at the start of a text. It has no meaning in UTF-8.</summary>
internal static class Utf8Mark
{
    /// <summary>Removes white space at both ends and a byte order mark at the start.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        var trimmed = MemoryExtensions.Trim(text, " \t\r\n"u8);
        return trimmed.Span.StartsWith("\uFEFF"u8) ? MemoryExtensions.Trim(trimmed[3..], " \t\r\n"u8) : trimmed;
    }
}
