using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>How payloads, results and checkpoints are written as JSON: web defaults (camelCase), enums as words, no duplicate members.</summary>
public static class JobJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        MaxDepth = JobLimits.MaxDepth,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
