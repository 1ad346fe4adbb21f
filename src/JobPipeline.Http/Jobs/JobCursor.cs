using System.Buffers.Text;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>
/// The opaque, versioned cursor at which a page of a list ended. It contains only a position in time, so it is also valid for a
/// similar query.
/// </summary>
internal static class JobCursor
{
    private const byte Version = 1;
    private const int IdBytes = 16;

    public static string Write(JobId next)
    {
        Span<byte> bytes = stackalloc byte[1 + IdBytes];
        bytes[0] = Version;
        next.Value.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, out JobId next)
    {
        next = default;
        Span<byte> bytes = stackalloc byte[1 + IdBytes];
        return text.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == bytes.Length
            && bytes[0] == Version
            && JobId.TryParse(new Guid(bytes[1..], bigEndian: true).ToString("D"), out next);
    }
}
