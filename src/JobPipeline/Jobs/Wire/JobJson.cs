using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// How payloads, results and checkpoints are written as JSON: web defaults (camelCase), enums as words, times with an offset
/// (<see cref="WireTime"/>), durations with a unit (<see cref="WireDuration"/>), no duplicate members. Nulls are left out, and so a constructor parameter that may be null may be absent.
/// </summary>
public static class JobJson
{
    /// <summary>
    /// The depth that is written and read inside the pipeline. It leaves room for whatever is put around a value, so that what was
    /// accepted can be stored, read back and shown. What may come from outside is bounded where it arrives.
    /// </summary>
    internal const int MaxDepth = 256;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LetNullableParametersBeAbsent } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new WireTimeConverter(), new WireDurationConverter() },
    };

    /// <summary>Reads a value that the pipeline has stored or made, as deep as it writes them.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested deeper than anything that is written.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });

    /// <summary>Otherwise a record with a null in it could be written as a checkpoint or result and never be read again.</summary>
    private static void LetNullableParametersBeAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: true })
                property.IsRequired = false;
        }
    }
}
