using System.Buffers;
using System.Globalization;
using System.Text;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Reads the files of the kernel: one number, or lines of a name and a number. A file that is missing, can't be read or has another form
/// yields null, never an exception: containers differ in what they show.
/// </summary>
internal static class CgroupFiles
{
    /// <summary>The bytes that are read of a file; those that are read at every sample have a few thousand.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <summary>The lines that are read of a list; those of the kernel have fewer.</summary>
    private const int MaxLines = 10_000;

    /// <summary>Reads a limit: <see cref="long.MaxValue"/> for <c>max</c>, or a number that is no limit; null if it is no number.</summary>
    public static long? Limit(string path)
    {
        var text = Text(path).AsSpan().Trim();
        // cgroup v1 writes -1 or the largest multiple of a page for "no limit".
        if (text is "max" or "-1")
            return long.MaxValue;
        // A limit of 0 would mean that nothing can run.
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (long)Math.Min(number, long.MaxValue)
            : null;
    }

    /// <summary>Reads the lines of a name and a number, such as <c>memory.stat</c>; null if there are none.</summary>
    public static IReadOnlyDictionary<string, long>? Numbers(string path)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in Text(path).AsSpan().EnumerateLines())
        {
            var space = line.IndexOf(' ');
            if (space <= 0)
                continue;
            var value = line[space..].Trim();
            // A unit may follow, as in /proc/meminfo.
            if (value.IndexOf(' ') is var end and > 0)
                value = value[..end];
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers[line[..space].TrimEnd(':').ToString()] = number;
        }

        return numbers.Count > 0 ? numbers : null;
    }

    /// <summary>Reads from a file of pressure stall information in which share of the last 10 seconds, 0 to 1, some task waited.</summary>
    public static double? Pressure(string path)
    {
        const string Prefix = "some avg10=";
        var text = Text(path).AsSpan();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var field = text[Prefix.Length..];
        var end = field.IndexOfAny(' ', '\n');
        return double.TryParse(
            end < 0 ? field : field[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            ? percent / 100
            : null;
    }

    /// <summary>Reads the lines of a list, such as <c>/proc/self/mountinfo</c>; null if it can't be read.</summary>
    public static IReadOnlyList<string>? Lines(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Take(MaxLines)];
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>Reads a small file with a buffer from the pool, because samples are taken all the time.</summary>
    private static string? Text(string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(length), length) is var read and > 0)
                length += read;
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;
}
