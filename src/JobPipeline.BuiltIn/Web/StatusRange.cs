using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.BuiltIn.Web;

/// <summary>A range of status codes: <c>204</c>, <c>"2xx"</c> or <c>"200-204"</c>.</summary>
[JsonConverter(typeof(StatusRangeJsonConverter))]
public readonly record struct StatusRange(int Low, int High)
{
    public static bool TryParse(string text, out StatusRange range)
    {
        if (text is [>= '1' and <= '5' and var digit, 'x' or 'X', 'x' or 'X'])
            range = new StatusRange((digit - '0') * 100, (digit - '0') * 100 + 99);
        else if (text.Split('-') is { Length: <= 2 } ends && TryParseCode(ends[0], out var low) && TryParseCode(ends[^1], out var high))
            range = new StatusRange(low, high);
        else
            range = default;
        return range.Low > 0 && range.Low <= range.High;
    }

    public bool Contains(int status) => status >= Low && status <= High;

    public override string ToString() =>
        Low == High ? $"{Low}" : Low % 100 == 0 && High == Low + 99 ? $"{Low / 100}xx" : $"{Low}-{High}";

    private static bool TryParseCode(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 100 and <= 599;
}

internal sealed class StatusRangeJsonConverter : JsonConverter<StatusRange>
{
    public override StatusRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number when reader.TryGetInt32(out var code) => code.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
        return StatusRange.TryParse(text, out var range)
            ? range
            : throw new JsonException("a status must be a code from 100 to 599, \"2xx\" or \"200-204\"");
    }

    public override void Write(Utf8JsonWriter writer, StatusRange value, JsonSerializerOptions options)
    {
        if (value.Low == value.High)
            writer.WriteNumberValue(value.Low);
        else
            writer.WriteStringValue(value.ToString());
    }
}
