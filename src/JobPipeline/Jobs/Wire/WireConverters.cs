using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs.Wire;

/// <summary>Reads times with <see cref="WireTime"/>; writes them as the serializer does.</summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && WireTime.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException($"The value {WireTime.WhyNot(reader.TokenType == JsonTokenType.String ? reader.GetString() : "")}.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    public override DateTimeOffset ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString("O"));
}

/// <summary>Reads durations with <see cref="WireDuration"/>; writes them as <c>[d.]hh:mm:ss[.f]</c>.</summary>
internal sealed class WireDurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
            && WireDuration.TryParse(reader.GetString(), out var duration)
            ? duration
            : throw new JsonException($"The value must be {WireDuration.Form}.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c"));

    public override TimeSpan ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString("c"));
}
