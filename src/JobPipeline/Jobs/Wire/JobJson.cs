using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The JSON format of payloads, results and checkpoints: web defaults (camelCase), enums as strings, times with an offset
/// (<see cref="WireTime"/>), durations with a unit (<see cref="WireDuration"/>), no duplicate members. Null values are omitted,
/// so a nullable constructor parameter may be absent.
/// </summary>
internal static class JobJson
{
    /// <summary>
    /// The maximum nesting that the pipeline reads and writes internally. It leaves room for the structures that values are
    /// embedded in, so that an accepted value can be stored, read back and shown. External input has a lower limit, checked on
    /// input.
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

    /// <summary>Parses a value that the pipeline has stored or created, up to the depth that it writes.</summary>
    /// <exception cref="JsonException">The value is not JSON, or is nested deeper than the pipeline writes.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });

    /// <summary>
    /// Makes nullable constructor parameters optional. Otherwise a record that contains a null could be written as a checkpoint
    /// or result but not read back.
    /// </summary>
    private static void LetNullableParametersBeAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: true })
                property.IsRequired = false;
        }
    }
}
