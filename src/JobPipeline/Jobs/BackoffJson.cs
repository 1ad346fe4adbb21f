using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Reads the <c>backoff</c> member of a message.</summary>
internal static class BackoffJson
{
    private const string Member = "backoff";
    private static readonly string[] Names = ["kind", "base", "cap", "delays"];

    /// <summary>Gets the wire name of a backoff kind.</summary>
    public static string NameOf(BackoffKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <exception cref="MessageFormatException">The member is not a valid backoff.</exception>
    public static BackoffOverride Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new MessageFormatException($"the member '{Member}' must be an object");
        var backoff = new BackoffOverride();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            backoff = reader.TokenType == JsonTokenType.Null ? backoff : name switch
            {
                "kind" => backoff with { Kind = Kind(ref reader) },
                "base" => backoff with { Base = Duration(ref reader, "base") },
                "cap" => backoff with { Cap = Duration(ref reader, "cap") },
                "delays" => backoff with { Delays = Delays(ref reader) },
                _ => throw new MessageFormatException(
                    $"the member '{Member}' has no '{name}'{NearestName.Hint(name, Names)}; it has kind, base, cap and delays"),
            };
        }

        return backoff;
    }

    private static BackoffKind Kind(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        var kinds = Enum.GetValues<BackoffKind>();
        var index = Array.FindIndex(kinds, kind => NameOf(kind) == text);
        return index >= 0
            ? kinds[index]
            : throw new MessageFormatException($"'{Member}.kind' must be one of {string.Join(", ", kinds.Select(NameOf))}");
    }

    private static List<TimeSpan> Delays(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MessageFormatException($"'{Member}.delays' must be an array of durations");
        var delays = new List<TimeSpan>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (delays.Count == RetrySchedule.MaxDelays)
                throw new MessageFormatException($"'{Member}.delays' may have at most {RetrySchedule.MaxDelays} entries");
            delays.Add(Duration(ref reader, "delays"));
        }

        return delays;
    }

    private static TimeSpan Duration(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String && WireDuration.TryParse(reader.GetString(), out var value)
            ? value
            : throw new MessageFormatException($"'{Member}.{name}' must be {WireDuration.Form}");
}
