using System.Globalization;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The accepted format of a point in time: ISO 8601 with an offset, <c>yyyy-MM-ddTHH:mm[:ss[.f]]</c> followed by <c>Z</c> or
/// <c>±hh:mm</c>. A time without an offset would mean a different moment on every host, so it is rejected.
/// </summary>
internal static class WireTime
{
    private const string Form = "must be an ISO 8601 time such as 2026-11-24T09:00:00Z";

    private const int MaxOffsetMinutes = 14 * 60;

    /// <summary>The maximum number of fraction digits. Digits beyond the seventh are truncated to the precision of a tick.</summary>
    private const int MaxFraction = 16;

    /// <summary>Parses a time. Returns false for any other text. The local time zone and the culture have no effect.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (!TryReadDate(ref text, out var date) || !Skip(ref text, 'T', 't')
            || !TryReadTime(ref text, out var ofDay) || !TryReadOffset(text, out var offset))
            return false;
        var ticks = date.Ticks + ofDay;
        var utc = ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, offset);
        return true;
    }

    /// <summary>Gets the validation error of a text that is not a time, including what is missing where that can be determined.</summary>
    public static string WhyNot(ReadOnlySpan<char> text)
    {
        var isLocal = TryReadDate(ref text, out _)
            && (text.IsEmpty || (Skip(ref text, 'T', ' ') && TryReadTime(ref text, out _) && text.IsEmpty));
        return isLocal ? $"{Form}; a time of day and an offset are required: Z for UTC, or one such as +01:00" : Form;
    }

    /// <summary>Whether the time is between <see cref="JobLimits.FirstYear"/> and <see cref="JobLimits.LastYear"/>.</summary>
    internal static bool IsInRange(DateTimeOffset time) => time.UtcDateTime.Year is >= JobLimits.FirstYear and <= JobLimits.LastYear;

    private static bool TryReadDate(ref ReadOnlySpan<char> text, out DateTime date)
    {
        date = default;
        if (!TryReadNumber(ref text, 4, out var year) || !Skip(ref text, '-') || !TryReadNumber(ref text, 2, out var month)
            || !Skip(ref text, '-') || !TryReadNumber(ref text, 2, out var day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTime(year, month, day, CultureInfo.InvariantCulture.Calendar);
        return true;
    }

    private static bool TryReadTime(ref ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (!TryReadNumber(ref text, 2, out var hour) || !Skip(ref text, ':') || !TryReadNumber(ref text, 2, out var minute))
            return false;
        if (hour > 23 || minute > 59)
            return false;
        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (!Skip(ref text, ':'))
            return true;
        if (!TryReadNumber(ref text, 2, out var second) || second > 59)
            return false;
        ticks += second * TimeSpan.TicksPerSecond;
        return !Skip(ref text, '.') || TryReadFraction(ref text, ref ticks);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<char> text, ref long ticks)
    {
        var digits = 0;
        for (var unit = TimeSpan.TicksPerSecond / 10; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++, unit /= 10)
            ticks += (text[digits] - '0') * unit;
        text = text[digits..];
        return digits is > 0 and <= MaxFraction;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-'))
            return false;
        var rest = text[1..];
        if (!TryReadNumber(ref rest, 2, out var hours) || !Skip(ref rest, ':') || !TryReadNumber(ref rest, 2, out var minutes))
            return false;
        if (minutes > 59)
            return false;
        var total = (hours * 60) + minutes;
        offset = TimeSpan.FromMinutes(text[0] == '-' ? -total : total);
        return total <= MaxOffsetMinutes;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<char> text, int digits, out int number)
    {
        number = 0;
        if (text.Length < digits)
            return false;
        foreach (var digit in text[..digits])
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            number = (number * 10) + digit - '0';
        }

        text = text[digits..];
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char expected, char orThis = '\0')
    {
        if (text.IsEmpty || (text[0] != expected && (orThis == '\0' || text[0] != orThis)))
            return false;
        text = text[1..];
        return true;
    }
}
