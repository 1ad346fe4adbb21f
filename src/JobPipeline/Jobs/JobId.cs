using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>Identifies a job: a version 7 UUID (RFC 9562). Ids sort by time and contain their creation time.</summary>
[JsonConverter(typeof(JobIdJsonConverter))]
public readonly record struct JobId : IComparable<JobId>
{
    /// <summary>The length of a time slice, 256 ms. Ids of one slice share a storage partition.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(256);

    /// <summary>The number of slices after which the partitions repeat, within the hour.</summary>
    public const int Slices = 16;

    private JobId(Guid value) => Value = value;

    /// <summary>The UUID.</summary>
    public Guid Value { get; }

    /// <summary>The time in the id, with millisecond precision. Storage partitions derive from it.</summary>
    public DateTimeOffset Timestamp
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
    }

    /// <summary>Creates a random id with the given time.</summary>
    public static JobId Create(DateTimeOffset at) => new(Guid.CreateVersion7(at));

    /// <summary>
    /// Gets the smallest id of the given time: it sorts before every other id of the same millisecond. Used as a range bound;
    /// times before 1970 count as 1970.
    /// </summary>
    public static JobId First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (Math.Max(at.ToUnixTimeMilliseconds(), 0) << 16) | 0x7000);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], unchecked((long)0x8000_0000_0000_0000));
        return new JobId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Gets the id for a message that has none. A redelivery of the same queue message gets the same id.</summary>
    public static JobId FromDelivery(string messageId, DateTimeOffset insertedAt) => Derive(insertedAt, "delivery", messageId);

    /// <summary>
    /// Gets the id of a child job. It depends only on the parent and the name, so a handler that runs again addresses the same
    /// child. It shares the parent's timestamp, and so its storage partition.
    /// </summary>
    public static JobId ForChild(JobId parent, string name) => Derive(parent.Timestamp, parent.ToString(), name);

    /// <summary>Parses a version 7 UUID whose time <see cref="DateTimeOffset"/> can represent.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = default;
        if (text is not { Length: 36 } || !Guid.TryParseExact(text, "D", out var value) || value.Version != 7)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        if (BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16 > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return false;
        id = new JobId(value);
        return true;
    }

    /// <exception cref="FormatException">The text is not a version 7 UUID.</exception>
    public static JobId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a job id. A job id is a version 7 UUID.");

    public int CompareTo(JobId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D");

    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;

    private static JobId Derive(DateTimeOffset at, string scope, string name)
    {
        Span<byte> bytes = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}\n{name}"), bytes);
        var random = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (random & 0x0FFF)));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new JobId(new Guid(bytes[..16], bigEndian: true));
    }
}
