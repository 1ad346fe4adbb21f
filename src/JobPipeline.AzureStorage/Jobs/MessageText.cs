using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// A body as the text of a queue message. Messages travel as XML, which alters or refuses line ends, control characters,
/// the non-characters U+FFFE and U+FFFF and space at the ends; and markup grows by its escapes. Such a body goes as base64,
/// which every reader of job messages takes too; all others stay text that people can read in a storage explorer.
/// </summary>
internal static class MessageText
{
    /// <summary>The service's limit, as it counts: after encoding.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Azurite decodes a request piece by piece and mangles a character that lies across two pieces; a body that is sent
    /// in one piece with its headers is safe.
    /// </summary>
    private const int MaxBytesBeyondAscii = 2 * 1024;

    public static BinaryData From(ReadOnlyMemory<byte> body) => IsCarriedAsText(body.Span) ? new BinaryData(body) : new BinaryData(ToBase64(body.Span));

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
            : throw new InvalidOperationException("The buffer is as large as base64 needs.");
    }
}
