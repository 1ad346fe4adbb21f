using System.Globalization;
using System.Net;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>A port or an inclusive range of ports.</summary>
internal readonly record struct PortRange(int Low, int High)
{
    public static bool TryParse(string text, out PortRange range)
    {
        var ends = text.Split('-');
        range = ends.Length <= 2 && TryParsePort(ends[0], out var low) && TryParsePort(ends[^1], out var high)
            ? new PortRange(low, high)
            : default;
        return range.Low > 0 && range.Low <= range.High;
    }

    /// <exception cref="FormatException">The text is neither a port nor a range of ports.</exception>
    public static PortRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a port or a range of ports.");

    public bool Contains(int port) => port >= Low && port <= High;

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort;
}
