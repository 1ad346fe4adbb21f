using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>A bar for each month's precipitation and a line over the highest temperatures, as SVG.</summary>
internal static class WeatherChart
{
    private const int Step = 16;
    private const int Height = 200;
    private const int Margin = 30;

    public static string Draw(IReadOnlyList<WeatherStatistics> months)
    {
        var width = (months.Count * Step) + (2 * Margin);
        var wettest = Math.Max(1, months.Max(month => month.Precipitation));
        var hottest = Math.Max(1, months.Max(month => month.Highest));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{Height + (2 * Margin)}\" font-family=\"sans-serif\" font-size=\"10\">\n");
        svg.Append("<title>Precipitation (bars, mm) and highest temperature (line, °C) by month</title>\n");
        for (var i = 0; i < months.Count; i++)
        {
            var height = months[i].Precipitation / wettest * Height;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Margin + (i * Step)}\" y=\"{Margin + Height - height:0.#}\" width=\"{Step - 4}\" height=\"{height:0.#}\" fill=\"#4682b4\"><title>{months[i].Period}: {months[i].Precipitation} mm</title></rect>\n");
            if (months[i].Period.EndsWith("-01", StringComparison.Ordinal))
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + (i * Step)}\" y=\"{Height + Margin + 14}\">{months[i].Period[..4]}</text>\n");
        }

        var line = months.Select((month, i) => string.Create(CultureInfo.InvariantCulture, $"{Margin + (i * Step) + (Step / 2)},{Margin + Height - (month.Highest / hottest * Height):0.#}"));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', line)}\" fill=\"none\" stroke=\"#b22222\" stroke-width=\"2\"/>\n</svg>\n");
        return svg.ToString();
    }
}
