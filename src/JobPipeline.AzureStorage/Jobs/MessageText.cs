using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Converts a body to the text of a queue message. Messages travel as XML, which alters or rejects line ends, control
/// characters, the non-characters U+FFFE and U+FFFF, and leading and trailing space; and escapes make markup longer. Such bodies
/// are sent as base64, which every reader of job messages also accepts; all others stay readable in a storage explorer.
/// </summary>
internal static class MessageText
{
    /// <summary>The service's size limit, measured after encoding.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// The largest body that is sent as text. Azurite decodes a request in chunks and corrupts a character that spans two chunks;
    /// a body that is sent in one chunk with its headers is safe.
    /// </summary>
    private const int MaxBytesBeyondAscii = 2 * 1024;

    public static BinaryData From(ReadOnlyMemory<byte> body) =>
        IsCarriedAsText(body.Span) ? new BinaryData(body) : new BinaryData(ToBase64(body.Span));

    private static bool IsCarriedAsText(ReadOnlySpan<byte> body) =>
        !body.ContainsAnyInRange((byte)0x00, (byte)0x1F)
        && !HasSpaceAtEnds(body)
        && !HasNonCharacter(body)
        && Utf8.IsValid(body)
        && EscapedLength(body) <= (Ascii.IsValid(body) ? MaxBytes : MaxBytesBeyondAscii);

    private static bool HasSpaceAtEnds(ReadOnlySpan<byte> body) => !body.IsEmpty && (body[0] == (byte)' ' || body[^1] == (byte)' ');

    private static bool HasNonCharacter(ReadOnlySpan<byte> body) =>
        body.IndexOf("\uFFFE"u8) >= 0 || body.IndexOf("\uFFFF"u8) >= 0;

    private static int EscapedLength(ReadOnlySpan<byte> body) =>
        body.Length + (body.Count((byte)'<') * 3) + (body.Count((byte)'>') * 3) + (body.Count((byte)'&') * 4);

    private static byte[] ToBase64(ReadOnlySpan<byte> body)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(body.Length)];
        return Base64.EncodeToUtf8(body, text, out _, out _) == OperationStatus.Done
            ? text
            : throw new InvalidOperationException("The buffer is smaller than base64 needs.");
    }
}
