using System.Globalization;
using System.Net;
using System.Text;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>
/// Draws an SVG chart with a bar for each month's precipitation and a line for the highest temperatures, each with its own scale.
/// </summary>
internal static class WeatherChart
{
    private const int Step = 16;
    private const int Height = 200;
    private const int Left = 40;
    private const int Top = 40;
    private const int Bottom = Top + Height;
    private const int Lines = 4;
    private const string Rain = "#4682b4";
    private const string Heat = "#b22222";

    public static string Draw(IReadOnlyList<WeatherStatistics> months)
    {
        var right = Left + (months.Count * Step);
        var rain = Scale.Of(months.Select(month => month.Precipitation));
        var heat = Scale.Of(months.Select(month => month.Highest));
        var svg = new StringBuilder();
        // A white background, because Markdown is also displayed on dark pages.
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{right + Left}\" height=\"{Bottom + 30}\" ");
        Add(svg, $"font-family=\"sans-serif\" font-size=\"10\">\n");
        Add(svg, $"<title>Precipitation and highest temperature by month</title>\n");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        Add(svg, $"<text x=\"{Left}\" y=\"18\" fill=\"{Rain}\">■ precipitation, mm</text>\n");
        Add(svg, $"<text x=\"{right}\" y=\"18\" text-anchor=\"end\" fill=\"{Heat}\">● highest temperature, °C</text>\n");
        for (var i = 0; i <= Lines; i++)
        {
            var y = Bottom - (Height * i / Lines);
            Add(svg, $"<path d=\"M{Left} {y}H{right}\" stroke=\"#ddd\"/>\n");
            Add(svg, $"<text x=\"{Left - 4}\" y=\"{y + 3}\" text-anchor=\"end\" fill=\"{Rain}\">{rain.At(i):0.#}</text>\n");
            Add(svg, $"<text x=\"{right + 4}\" y=\"{y + 3}\" fill=\"{Heat}\">{heat.At(i):0.#}</text>\n");
        }

        for (var i = 0; i < months.Count; i++)
            AddMonth(svg, months[i], Left + (i * Step), rain.Height(months[i].Precipitation));
        var points = months.Select((month, i) => string.Create(
            CultureInfo.InvariantCulture, $"{Left + (i * Step) + (Step / 2)},{Bottom - heat.Height(month.Highest):0.#}"));
        Add(svg, $"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"{Heat}\" stroke-width=\"2\"/>\n</svg>\n");
        return svg.ToString();
    }

    private static void AddMonth(StringBuilder svg, WeatherStatistics month, int x, decimal height)
    {
        // A payload can contain any text.
        var period = WebUtility.HtmlEncode(month.Period);
        Add(svg, $"<rect x=\"{x + 2}\" y=\"{Bottom - height:0.#}\" width=\"{Step - 4}\" height=\"{height:0.#}\" fill=\"{Rain}\">");
        Add(svg, $"<title>{period}: {month.Precipitation:0.0} mm, at most {month.Highest:0.0} °C</title></rect>\n");
        if (!month.Period.EndsWith("-01", StringComparison.Ordinal))
            return;
        Add(svg, $"<path d=\"M{x} {Bottom}v6\" stroke=\"#888\"/>\n");
        Add(svg, $"<text x=\"{x + 2}\" y=\"{Bottom + 16}\" fill=\"#444\">{period}</text>\n");
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>A scale from zero, or a round number below the lowest negative value, to a round number above the highest value.</summary>
    private readonly record struct Scale(decimal From, decimal To)
    {
        private static readonly decimal[] Rounds = [4, 8, 20, 40, 80, 200, 400, 800, 2_000, 4_000, 8_000];

        public static Scale Of(IEnumerable<decimal> values)
        {
            var all = values.ToList();
            return new Scale(-Round(-Math.Min(0, all.Min())), Math.Max(Rounds[0], Round(Math.Max(0, all.Max()))));
        }

        public decimal At(int line) => From + ((To - From) * line / Lines);

        public decimal Height(decimal value) => (value - From) / (To - From) * WeatherChart.Height;

        private static decimal Round(decimal value) => value == 0 ? 0 : Rounds.FirstOrDefault(round => round >= value, value);
    }
}
