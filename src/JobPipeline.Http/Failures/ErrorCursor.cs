using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.Http.Failures;

/// <summary>The opaque, versioned cursor at which a page of error groups ended.</summary>
internal static class ErrorCursor
{
    private const byte Version = 1;
    private const int Length = 1 + sizeof(long) + 8;

    public static string Write(ErrorGroupPlace place)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], place.LastSeenAt.UtcTicks);
        Convert.FromHexString(place.Id, bytes[(1 + sizeof(long))..], out _, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, [NotNullWhen(true)] out ErrorGroupPlace? place)
    {
        place = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length)
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written)
            || written != Length
            || bytes[0] != Version)
        {
            return false;
        }
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        place = new ErrorGroupPlace(new DateTimeOffset(ticks, TimeSpan.Zero), Convert.ToHexStringLower(bytes[(1 + sizeof(long))..]));
        return true;
    }
}
