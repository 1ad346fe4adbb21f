using System.Globalization;
using System.Net.Http.Headers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Parses the <c>Retry-After</c> header (RFC 9110, section 10.2.3) leniently, in the forms that peers send.</summary>
internal static class RetryAfter
{
    /// <summary>The delay for a header that can't be parsed: 30 seconds.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private const double LongestSeconds = 1e11;

    /// <summary>Returns the delay, zero or more, or null without the header. Of several values the longest applies.</summary>
    public static TimeSpan? Read(IEnumerable<string> values, DateTimeOffset now)
    {
        var delays = values.SelectMany(ValuesOf).Select(value => Read(value.Trim(), now)).ToList();
        return delays.Count == 0 ? null : delays.Max() ?? Default;
    }

    /// <summary>Does the same, but returns null for a header that can't be parsed.</summary>
    public static TimeSpan? ReadKnown(IEnumerable<string> values, DateTimeOffset now) =>
        values.SelectMany(ValuesOf).Select(value => Read(value.Trim(), now)).Max();

    /// <summary>Splits headers that arrive joined by commas; a date contains a comma itself.</summary>
    private static string[] ValuesOf(string header) => header.Any(char.IsAsciiLetter) ? [header] : header.Split(',');

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (RetryConditionHeaderValue.TryParse(value, out var parsed) && parsed.Date is { } date)
            return date > now ? date - now : TimeSpan.Zero;
        // A number of any length counts as seconds, however many years they are.
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!value.Any(char.IsAsciiDigit) || !double.TryParse(value, style, CultureInfo.InvariantCulture, out var seconds))
            return null;
        return seconds <= 0 ? TimeSpan.Zero
            : seconds >= LongestSeconds ? TimeSpan.MaxValue
            : TimeSpan.FromSeconds(Math.Ceiling(seconds));
    }
}
