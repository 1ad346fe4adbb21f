using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JobPipeline.Jobs;

/// <summary>
/// How payloads, results and checkpoints are written as JSON: web defaults (camelCase), enums as words, times with an offset
/// (<see cref="WireTime"/>), durations with a unit (<see cref="WireDuration"/>), no duplicate members. Nulls are left out, and so a constructor parameter that may be null may be absent.
/// </summary>
public static class JobJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        MaxDepth = JobLimits.MaxDepth,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LetNullableParametersBeAbsent } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new WireTimeConverter(), new WireDurationConverter() },
    };

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
