using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Formats the report as Markdown.</summary>
internal static class WeatherText
{
    public static string Write(WeatherReportPayload payload, string chart)
    {
        var (culture, text, all) = (CultureInfo.InvariantCulture, new StringBuilder(), payload.Summary.All);
        text.Append(culture, $"# Weather report\n\n{all.Days:N0} days, {all.Precipitation:N1} mm of precipitation, ");
        text.Append(culture, $"highest temperature {all.Highest:0.0} °C.\n");
        if (payload.Rejected > 0)
        {
            text.Append(culture, $"\n**{payload.Rejected:N0} lines of the file could not be used and are left out.** ");
            text.Append(culture, $"They are in `{payload.RejectsBlob}`.\n");
        }

        text.Append(culture, $"\n![Precipitation and highest temperature by month]({chart})\n\n");
        text.Append("| Year | Days | Precipitation (mm) | Highest (°C) | Lowest (°C) |\n|---|--:|--:|--:|--:|\n");
        foreach (var year in payload.Summary.Years)
        {
            text.Append(culture, $"| {year.Period} | {year.Days} | {year.Precipitation:N1} ");
            text.Append(culture, $"| {year.Highest:0.0} | {year.Lowest:0.0} |\n");
        }

        return text.ToString();
    }
}
