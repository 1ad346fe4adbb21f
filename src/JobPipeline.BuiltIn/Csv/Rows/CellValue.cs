using System.Globalization;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>Parses the values of typed columns by the invariant culture, accepting only unambiguous formats.</summary>
internal static class CellValue
{
    private static readonly DateTimeOffset EarliestDate = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Parses the text; returns null if it is not of that type.</summary>
    public static object? Read(CsvColumnType type, string text)
    {
        var value = text.AsSpan().Trim();
        return type switch
        {
            CsvColumnType.Int => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : null,
            CsvColumnType.Double =>
                double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? number
                    : null,
            CsvColumnType.Date => Date(value),
            CsvColumnType.Bool => Bool(value),
            _ => text,
        };
    }

    private static DateTimeOffset? Date(ReadOnlySpan<char> value) =>
        DateTimeOffset.TryParseExact(
            value,
            DateFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var date)
        && date >= EarliestDate
            ? date
            : null;

    private static bool? Bool(ReadOnlySpan<char> value) =>
        value is "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : value is "0" || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;
}
