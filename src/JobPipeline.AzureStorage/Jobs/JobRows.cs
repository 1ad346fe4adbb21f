using System.Globalization;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// The keys of a job's rows. The partition is the hour of the id and one of 16 slices of 256 ms: jobs that arrive together
/// share a partition, so that their writes commit together, while load spreads. The row key inverts the id: newest first,
/// with the attempts directly after their record.
/// </summary>
internal static class JobRows
{
    /// <summary>The first 48 bits of an id are its time.</summary>
    private const int MomentDigits = 12;
    public const string HourFormat = "yyyyMMddHH";

    public static string Partition(JobId id)
    {
        var at = id.Timestamp;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{at:yyyyMMddHH}-{at.ToUnixTimeMilliseconds() / (long)JobId.Slice.TotalMilliseconds % JobId.Slices:x}");
    }

    public static string Partition(DateTimeOffset hour, int slice) =>
        string.Create(CultureInfo.InvariantCulture, $"{hour.ToString(HourFormat, CultureInfo.InvariantCulture)}-{slice:x}");

    /// <summary>Returns a bound that sorts before the partitions of the hour and after those of earlier hours.</summary>
    public static string FirstPartition(DateTimeOffset hour) => hour.ToString(HourFormat, CultureInfo.InvariantCulture) + "-";

    /// <summary>Returns a bound that sorts after every partition of the hour ('.' follows '-').</summary>
    public static string EndOfPartitions(DateTimeOffset hour) => hour.ToString(HourFormat, CultureInfo.InvariantCulture) + ".";

    /// <summary>Returns the common prefix of the row keys of all jobs of the id's millisecond.</summary>
    public static string MomentPrefix(JobId id) => Record(id)[..MomentDigits];

    public static string Record(JobId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        foreach (ref var b in bytes)
            b = (byte)~b;
        return Convert.ToHexStringLower(bytes);
    }

    public static string Attempt(JobId id, int number) => string.Create(CultureInfo.InvariantCulture, $"{Record(id)}-{number:d3}");

    /// <summary>Returns the first row key after all rows of the job ('.' follows '-').</summary>
    public static string End(JobId id) => Record(id) + ".";

    public static bool IsAttempt(string rowKey) => rowKey.Contains('-', StringComparison.Ordinal);
}
