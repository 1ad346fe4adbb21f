using System.Globalization;

namespace JobPipeline.Configuration;

/// <summary>An amount of memory, written as a number with a unit: <c>512MB</c>, <c>1.5GB</c>, <c>256MiB</c>.</summary>
internal readonly record struct ByteSize(long Bytes)
{
    /// <summary>The forms, for a validation error.</summary>
    public const string Form = "a number with a unit, such as 512MB, 1.5GB or 256MiB";

    /// <summary>The maximum length of the text; more is not a size.</summary>
    private const int MaxLength = 32;

    /// <summary>Units with an i are powers of 1,024, those without are powers of 1,000. The longest first.</summary>
    private static readonly (string Name, double Factor)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
    ];

    /// <summary>Reads a size. Case does not matter, and a space may separate number and unit.</summary>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        if (text is null || text.Length > MaxLength)
            return false;
        var trimmed = text.AsSpan().Trim();
        foreach (var (name, factor) in Units)
        {
            if (!trimmed.EndsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var isNumber = double.TryParse(
                trimmed[..^name.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            // Also false for what is no number.
            if (!isNumber || !(number * factor <= long.MaxValue / 2))
                return false;
            size = new ByteSize((long)(number * factor));
            return true;
        }

        return false;
    }

    /// <summary>Returns the size in the largest unit of which it has at least one, with up to two decimals.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (name, factor) = Array.FindLast(Units, unit => unit.Name.Length == 2 && bytes >= unit.Factor);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / factor:0.##}{name}");
    }
}
