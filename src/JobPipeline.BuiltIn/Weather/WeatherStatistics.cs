namespace JobPipeline.BuiltIn.Weather;

/// <summary>The weather of a month or a year.</summary>
/// <param name="Period">Such as <c>2012-01</c> or <c>2012</c>.</param>
/// <param name="Days">Days that were measured.</param>
/// <param name="Precipitation">Sum, in millimetres.</param>
/// <param name="Highest">Highest temperature, in degrees Celsius.</param>
/// <param name="Lowest">Lowest temperature, in degrees Celsius.</param>
public sealed record WeatherStatistics(string Period, int Days, decimal Precipitation, decimal Highest, decimal Lowest)
{
    /// <summary>Several periods as one.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static WeatherStatistics Of(string period, IReadOnlyCollection<WeatherStatistics> parts) => new(
        period, parts.Sum(part => part.Days), parts.Sum(part => part.Precipitation), parts.Max(part => part.Highest), parts.Min(part => part.Lowest));
}
