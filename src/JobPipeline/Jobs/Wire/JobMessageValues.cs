using System.Text.Json;

namespace JobPipeline.Jobs.Wire;

/// <summary>Reads the value of a member at the reader's position and validates it.</summary>
/// <exception cref="MessageFormatException">The value is of the wrong kind or out of range; the message names the member.</exception>
internal static class JobMessageValues
{
    public static string Text(ref Utf8JsonReader reader, JobMessageMember name, int max)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new MessageFormatException($"the member '{name.Text()}' must be a string");
        var text = reader.GetString()!;
        return text.Length <= max ? text : throw new MessageFormatException($"the member '{name.Text()}' is longer than {max} characters");
    }

    public static bool Flag(ref Utf8JsonReader reader, JobMessageMember name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new MessageFormatException($"the member '{name.Text()}' must be true or false"),
    };

    public static int Count(ref Utf8JsonReader reader, JobMessageMember name, int max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= 1 && value <= max
            ? value
            : throw new MessageFormatException($"the member '{name.Text()}' must be a whole number from 1 to {max}");

    public static DateTimeOffset Time(ref Utf8JsonReader reader, JobMessageMember name) =>
        WireTime.TryParse(TextOf(ref reader), out var value)
            ? WireTime.IsInRange(value)
                ? value.ToUniversalTime()
                : throw new MessageFormatException(
                    $"the member '{name.Text()}' must be in the years {JobLimits.FirstYear} to {JobLimits.LastYear}")
            : throw new MessageFormatException($"the member '{name.Text()}' {WireTime.WhyNot(TextOf(ref reader))}");

    public static TimeSpan Duration(ref Utf8JsonReader reader, JobMessageMember name) =>
        WireDuration.TryParse(TextOf(ref reader), out var value)
            ? value > TimeSpan.Zero && value <= JobLimits.MaxTimeout
                ? value
                : throw new MessageFormatException($"the member '{name.Text()}' must be above zero and at most {JobLimits.MaxTimeout:c}")
            : throw new MessageFormatException($"the member '{name.Text()}' must be {WireDuration.Form}");

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";

    /// <summary>Reads warnings. Values that the pipeline can't have written are ignored.</summary>
    public static IReadOnlyList<string> Warnings(ref Utf8JsonReader reader)
    {
        var warnings = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return [];
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var isOurs = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MessageWarnings.MaxBytes;
            if (isOurs && warnings.Count <= MessageWarnings.Max)
                warnings.Add(reader.GetString()!);
            reader.Skip();
        }

        return warnings;
    }

    public static string[] Tags(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MessageFormatException("the member 'tags' must be an array of strings");
        var tags = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (tags.Count == JobLimits.MaxTags)
                throw new MessageFormatException($"the member 'tags' has more than {JobLimits.MaxTags} entries");
            tags.Add(Text(ref reader, JobMessageMember.Tags, JobLimits.MaxTagLength));
        }

        return [.. tags];
    }

    public static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    public static ReadOnlyMemory<byte> Decoded(ref Utf8JsonReader reader, JobMessageMember name)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes))
            throw new MessageFormatException($"the member '{name.Text()}' must be base64");
        return PayloadJson.Normalise(bytes, name.Text());
    }

    public static List<ReadOnlyMemory<byte>> Parts(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MessageFormatException("the member 'pack' must be an array");
        var parts = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new MessageFormatException("the member 'pack' must contain only job messages");
            if (parts.Count == JobLimits.MaxPackedJobs)
                throw new MessageFormatException($"the pack has more than {JobLimits.MaxPackedJobs} jobs");
            parts.Add(Raw(ref reader, json));
        }

        return parts.Count > 0 ? parts : throw new MessageFormatException("the pack is empty");
    }
}
