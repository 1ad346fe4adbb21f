using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Converts a definition within other JSON, in the same form as <see cref="WorkflowReader"/>.</summary>
internal sealed class WorkflowDefinitionConverter : JsonConverter<WorkflowDefinition>
{
    public override WorkflowDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        return WorkflowReader.Read(JsonSerializer.SerializeToUtf8Bytes(json), out var errors)
            ?? throw new JsonException(string.Join("; ", errors));
    }

    public override void Write(Utf8JsonWriter writer, WorkflowDefinition value, JsonSerializerOptions options) =>
        writer.WriteRawValue(WorkflowReader.Write(value), skipInputValidation: true);
}
