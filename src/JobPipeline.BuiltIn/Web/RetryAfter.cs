using System.Globalization;
using System.Net.Http.Headers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Reads the header <c>Retry-After</c> (RFC 9110, section 10.2.3) in the forms that peers send, within any bounds.</summary>
internal static class RetryAfter
{
    /// <summary>The delay when there is such a header and nobody can read it. 30 seconds.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private const double LongestSeconds = 1e11;

    /// <summary>How long to wait, zero or more; null without the header. Of several values the longest counts.</summary>
    public static TimeSpan? Read(IEnumerable<string> values, DateTimeOffset now)
    {
        var delays = values.SelectMany(ValuesOf).Select(value => Read(value.Trim(), now)).ToList();
        return delays.Count == 0 ? null : delays.Max() ?? Default;
    }

    /// <summary>Several headers may arrive as one, joined by commas; a date holds a comma of its own.</summary>
    private static string[] ValuesOf(string header) => header.Any(char.IsAsciiLetter) ? [header] : header.Split(',');

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (RetryConditionHeaderValue.TryParse(value, out var parsed) && parsed.Date is { } date)
            return date > now ? date - now : TimeSpan.Zero;
        // Any number of digits is a number of seconds, however many years they make.
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!value.Any(char.IsAsciiDigit) || !double.TryParse(value, style, CultureInfo.InvariantCulture, out var seconds))
            return null;
        return seconds <= 0 ? TimeSpan.Zero
            : seconds >= LongestSeconds ? TimeSpan.MaxValue
            : TimeSpan.FromSeconds(Math.Ceiling(seconds));
    }
}
