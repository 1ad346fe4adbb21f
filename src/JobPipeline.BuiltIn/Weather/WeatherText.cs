using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>The report as Markdown.</summary>
internal static class WeatherText
{
    public static string Write(WeatherReportPayload payload, string chart)
    {
        var (summary, text) = (payload.Summary, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"# Weather report\n\n{summary.All.Days:N0} days, {summary.All.Precipitation:N1} mm of precipitation, highest temperature {summary.All.Highest:0.0} °C.\n");
        if (payload.Rejected > 0)
            text.Append(CultureInfo.InvariantCulture, $"\n**{payload.Rejected:N0} lines of the file could not be used and are left out.** They are in `{payload.RejectsBlob}`.\n");
        text.Append(CultureInfo.InvariantCulture, $"\n![Precipitation and highest temperature by month]({chart})\n\n| Year | Days | Precipitation (mm) | Highest (°C) | Lowest (°C) |\n|---|--:|--:|--:|--:|\n");
        foreach (var year in summary.Years)
            text.Append(CultureInfo.InvariantCulture, $"| {year.Period} | {year.Days} | {year.Precipitation:N1} | {year.Highest:0.0} | {year.Lowest:0.0} |\n");
        return text.ToString();
    }
}
