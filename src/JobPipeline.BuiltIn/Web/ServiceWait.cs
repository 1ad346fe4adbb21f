using System.Globalization;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Reads how long a service asks its callers to wait. Pure.</summary>
internal static class ServiceWait
{
    /// <summary>Longer values are not times.</summary>
    private const int MaxCharacters = 64;

    /// <summary>The number from which on a reset is a time, in seconds since 1970, and not a delay.</summary>
    private const long FirstTime = 1_000_000_000;

    /// <summary>The number from which on a reset is a time in milliseconds since 1970.</summary>
    private const long FirstTimeInMilliseconds = 1_000_000_000_000;

    /// <summary>A time that is far enough; nothing waits as long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// The time of <c>Retry-After</c> in a 429 or 503, or of <c>X-RateLimit-Reset</c> in a 429; null without one. What can't be read,
    /// or has passed, is ignored.
    /// </summary>
    public static DateTimeOffset? Until(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        if (status is not (429 or 503))
            return null;
        var delay = RetryAfter.ReadKnown(Values(response, "Retry-After"), now);
        if (delay is null && status == 429)
            delay = Values(response, "X-RateLimit-Reset").Select(value => DelayOf(value, now)).Max();
        return delay > TimeSpan.Zero ? now + (delay < Longest ? delay.Value : Longest) : null;
    }

    private static IEnumerable<string> Values(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.Where(value => value.Length <= MaxCharacters) : [];

    private static TimeSpan? DelayOf(string reset, DateTimeOffset now)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        // What has no digit may still be a number: NaN.
        if (!reset.Any(char.IsAsciiDigit) || !double.TryParse(reset, style, CultureInfo.InvariantCulture, out var number))
            return null;
        var seconds = number switch
        {
            < FirstTime => number,
            < FirstTimeInMilliseconds => number - now.ToUnixTimeSeconds(),
            _ => (number - now.ToUnixTimeMilliseconds()) / 1000,
        };
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : Longest;
    }
}
