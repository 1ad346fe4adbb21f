using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using JobPipeline.Configuration;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Limits.Rules;

/// <summary>The maximum number of starts within a period.</summary>
/// <param name="Count">The number of starts; at least 1.</param>
/// <param name="Period">The period.</param>
/// <param name="Burst">The number of starts at once after a quiet time; at least 1. Fixed windows ignore it.</param>
/// <param name="Algorithm">How starts are counted.</param>
internal sealed record LimitRate(int Count, TimeSpan Period, int Burst, LimitAlgorithm Algorithm)
{
    /// <summary>The form of a rate, for error messages.</summary>
    public const string Form = "a number of starts, '/', and a period of a second to 31 days, such as 100/01:00:00";

    private const int MaxCount = 1_000_000;
    private static readonly TimeSpan MinPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(31);

    /// <summary>The time between two starts when they are spaced evenly.</summary>
    public TimeSpan Interval => Period / Count;

    /// <summary>Reads a rate, such as <c>100/01:00:00</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="burst">The burst; null for what the rate allows within a second, at least 1.</param>
    /// <param name="algorithm">How starts are counted.</param>
    /// <param name="rate">The rate; null if the text is not one.</param>
    public static bool TryParse(string text, int? burst, LimitAlgorithm algorithm, [NotNullWhen(true)] out LimitRate? rate)
    {
        rate = text.Split('/') is [var count, var period]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var starts) && starts is >= 1 and <= MaxCount
            && WireDuration.TryParse(period, out var span) && span >= MinPeriod && span <= MaxPeriod
                ? new LimitRate(starts, span, burst ?? Math.Max(1, (int)(starts / span.TotalSeconds)), algorithm)
                : null;
        return rate is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}/{Period:c}");
}
