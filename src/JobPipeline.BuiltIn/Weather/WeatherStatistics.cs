namespace JobPipeline.BuiltIn.Weather;

/// <summary>The weather of a month or a year.</summary>
/// <param name="Period">The period, such as <c>2012-01</c> or <c>2012</c>.</param>
/// <param name="Days">The number of measured days.</param>
/// <param name="Precipitation">The total precipitation, in millimetres.</param>
/// <param name="Highest">The highest temperature, in degrees Celsius.</param>
/// <param name="Lowest">The lowest temperature, in degrees Celsius.</param>
public sealed record WeatherStatistics(string Period, int Days, decimal Precipitation, decimal Highest, decimal Lowest)
{
    /// <summary>Combines several periods.</summary>
    /// <exception cref="InvalidOperationException">There are no periods.</exception>
    internal static WeatherStatistics Of(string period, IReadOnlyCollection<WeatherStatistics> parts) => new(
        period,
        parts.Sum(part => part.Days),
        parts.Sum(part => part.Precipitation),
        parts.Max(part => part.Highest),
        parts.Min(part => part.Lowest));
}
