using System.Globalization;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Reads the files of the kernel: one number, or lines of a name and a number. A file that is missing, can't be read or has another form
/// yields null, never an exception: containers differ in what they show.
/// </summary>
internal static class CgroupFiles
{
    /// <summary>The lines that are read of a file; those of the kernel have fewer.</summary>
    private const int MaxLines = 10_000;

    /// <summary>Reads a limit: <see cref="long.MaxValue"/> for <c>max</c>, or a number that is no limit; null if it is no number.</summary>
    public static long? Limit(string path) => Lines(path) is [var line, ..] ? LimitOf(line.Trim()) : null;

    /// <summary>Reads the lines of a name and a number, such as <c>memory.stat</c>; null if there are none.</summary>
    public static IReadOnlyDictionary<string, long>? Numbers(string path)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in Lines(path) ?? [])
        {
            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers[parts[0].TrimEnd(':')] = number;
        }

        return numbers.Count > 0 ? numbers : null;
    }

    /// <summary>Reads from a file of pressure stall information in which share of the last 10 seconds, 0 to 1, some task waited.</summary>
    public static double? Pressure(string path)
    {
        const string Field = "avg10=";
        var some = Lines(path)?.FirstOrDefault(line => line.StartsWith("some ", StringComparison.Ordinal));
        var field = some?.Split(' ').FirstOrDefault(part => part.StartsWith(Field, StringComparison.Ordinal));
        return double.TryParse(field?[Field.Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            ? percent / 100
            : null;
    }

    /// <summary>Reads the lines of a text file; null if it can't be read.</summary>
    public static IReadOnlyList<string>? Lines(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Take(MaxLines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private static long? LimitOf(string text) => text switch
    {
        // cgroup v1 writes -1 or the largest multiple of a page for "no limit".
        "max" or "-1" => long.MaxValue,
        // A limit of 0 would mean that nothing can run.
        _ when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 =>
            (long)Math.Min(number, long.MaxValue),
        _ => null,
    };
}
