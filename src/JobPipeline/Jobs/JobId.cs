using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>
/// Identifies a job: a version 7 UUID (RFC 9562), so that ids sort by time and carry the moment they were made.
/// </summary>
[JsonConverter(typeof(JobIdJsonConverter))]
public readonly record struct JobId : IComparable<JobId>
{
    /// <summary>Ids of one slice of time share a storage partition: 256 ms.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(256);

    /// <summary>After so many slices the partitions repeat, within the hour.</summary>
    public const int Slices = 16;

    private JobId(Guid value) => Value = value;

    /// <summary>The UUID itself.</summary>
    public Guid Value { get; }

    /// <summary>The moment in the id, to the millisecond. Storage partitions derive from it.</summary>
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

    /// <summary>A new random id of the given moment.</summary>
    public static JobId Create(DateTimeOffset at) => new(Guid.CreateVersion7(at));

    /// <summary>The least id of the moment: it comes before every other one of the same millisecond. A bound for ranges; moments before 1970 count as 1970.</summary>
    public static JobId First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (Math.Max(at.ToUnixTimeMilliseconds(), 0) << 16) | 0x7000);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], unchecked((long)0x8000_0000_0000_0000));
        return new JobId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>The id of a message that came without one: a redelivery of the same queue message has the same id.</summary>
    public static JobId FromDelivery(string messageId, DateTimeOffset insertedAt) => Derive(insertedAt, "delivery", messageId);

    /// <summary>
    /// The id of a child job. It depends on the parent and the name alone, so that a handler that runs again
    /// addresses the same child; it shares the parent's moment, and so its storage partition.
    /// </summary>
    public static JobId ForChild(JobId parent, string name) => Derive(parent.Timestamp, parent.ToString(), name);

    /// <summary>Reads a version 7 UUID whose moment is one that <see cref="DateTimeOffset"/> can hold.</summary>
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
