using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>The report as Markdown.</summary>
internal static class WeatherText
{
    public static string Write(WeatherSummary summary, string chart)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Weather report\n\n{summary.All.Days} days, {summary.All.Precipitation:N1} mm of precipitation, highest temperature {summary.All.Highest} °C.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"![By month]({chart})\n\n| Year | Days | Precipitation (mm) | Highest (°C) | Lowest (°C) |\n|---|---|---|---|---|\n");
        foreach (var year in summary.Years)
            text.Append(CultureInfo.InvariantCulture, $"| {year.Period} | {year.Days} | {year.Precipitation:N1} | {year.Highest} | {year.Lowest} |\n");
        return text.ToString();
    }
}
