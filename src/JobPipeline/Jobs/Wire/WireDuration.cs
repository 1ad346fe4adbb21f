namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The accepted formats of a duration: <c>[d.]hh:mm:ss[.f]</c>, or ISO 8601 with weeks, days, hours, minutes and seconds.
/// Ambiguous values are rejected: a bare number has no unit, <c>10:00</c> could mean minutes or hours, and the configuration
/// binder reads <c>24:00:00</c> as 24 days.
/// </summary>
internal static class WireDuration
{
    /// <summary>The description of the accepted formats, to follow "must be".</summary>
    public static string Form => "a duration such as 00:10:00 (hh:mm:ss), 1.00:00:00 (days first) or PT10M (ISO 8601)";

    private const int MaxDayDigits = 8;
    private const int MaxFraction = 7;
    private const int MaxNumberDigits = 15;

    /// <summary>Parses a duration. Returns false for any other text, or for a value that <see cref="TimeSpan"/> can't represent.</summary>
    /// <param name="text">The text, without surrounding white space.</param>
    /// <param name="duration">
    /// The duration. It can be negative only in the first format, in which durations are written; the caller checks its range.
    /// </param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        Int128 ticks;
        var isNegative = !text.IsEmpty && text[0] == '-';
        if (text.IsEmpty || !(text[0] == 'P' ? TryReadIso(text[1..], out ticks) : TryReadClock(isNegative ? text[1..] : text, out ticks)))
            return false;
        ticks = isNegative ? -ticks : ticks;
        if (ticks < long.MinValue || ticks > long.MaxValue)
            return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    private static bool TryReadClock(ReadOnlySpan<char> text, out Int128 ticks)
    {
        ticks = 0;
        var number = ReadDigits(ref text, out var digits);
        if (digits is > 0 and <= MaxDayDigits && Skip(ref text, '.'))
        {
            ticks = number * TimeSpan.TicksPerDay;
            number = ReadDigits(ref text, out digits);
        }

        if (digits is not (1 or 2) || number > 23)
            return false;
        ticks += number * TimeSpan.TicksPerHour;
        if (!TryReadSixty(ref text, out var minutes) || !TryReadSixty(ref text, out var seconds))
            return false;
        ticks += (minutes * TimeSpan.TicksPerMinute) + (seconds * TimeSpan.TicksPerSecond);
        return text.IsEmpty || (TryReadFraction(ref text, ref ticks) && text.IsEmpty);
    }

    /// <summary>Reads a colon and two digits below 60.</summary>
    private static bool TryReadSixty(ref ReadOnlySpan<char> text, out Int128 number)
    {
        number = 0;
        if (!Skip(ref text, ':'))
            return false;
        number = ReadDigits(ref text, out var digits);
        return digits == 2 && number < 60;
    }

    private static bool TryReadIso(ReadOnlySpan<char> text, out Int128 ticks)
    {
        ticks = 0;
        // The designators must be in order. Each is optional, but at least one is required, and at least one after a T.
        var units = "WD";
        var isTime = false;
        var count = 0;
        while (!text.IsEmpty)
        {
            if (!isTime && Skip(ref text, 'T'))
            {
                (isTime, count, units) = (true, 0, "HMS");
                continue;
            }

            var number = ReadDigits(ref text, out var digits);
            Int128 fraction = 0;
            var hasFraction = !text.IsEmpty && text[0] == '.';
            if (digits is 0 or > MaxNumberDigits || (hasFraction && !TryReadFraction(ref text, ref fraction)) || text.IsEmpty)
                return false;
            var unit = units.IndexOf(text[0], StringComparison.Ordinal);
            if (unit < 0 || (hasFraction && text[0] != 'S'))
                return false;
            ticks += (number * TicksOf(text[0])) + fraction;
            units = units[(unit + 1)..];
            text = text[1..];
            count++;
        }

        return count > 0;
    }

    private static long TicksOf(char unit) => unit switch
    {
        'W' => 7 * TimeSpan.TicksPerDay,
        'D' => TimeSpan.TicksPerDay,
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerSecond,
    };

    /// <summary>Reads a fraction of a second, with its point.</summary>
    private static bool TryReadFraction(ref ReadOnlySpan<char> text, ref Int128 ticks)
    {
        if (!Skip(ref text, '.'))
            return false;
        var number = ReadDigits(ref text, out var digits);
        if (digits is 0 or > MaxFraction)
            return false;
        for (var i = digits; i < MaxFraction; i++)
            number *= 10;
        ticks += number;
        return true;
    }

    /// <summary>
    /// Reads up to the first character that is not a digit. The caller limits the number of digits before it uses the number.
    /// </summary>
    private static Int128 ReadDigits(ref ReadOnlySpan<char> text, out int digits)
    {
        Int128 number = 0;
        for (digits = 0; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++)
            number = digits < MaxNumberDigits ? (number * 10) + (text[digits] - '0') : number;
        text = text[digits..];
        return number;
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }
}
