using System.Text.Json.Nodes;

namespace JobPipeline.Infra.Tests.Rig;

internal static class AlertRules
{
    public static JsonNode File { get; } = JsonNode.Parse(Repository.Read("src/JobPipeline/Alerts/Rules/alert-rules.json"))!;

    /// <summary>The rules by name. Another test checks that the names are unique.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = File["rules"]!.AsArray()
        .DistinctBy(rule => (string)rule!["name"]!, StringComparer.Ordinal)
        .ToDictionary(rule => (string)rule!["name"]!, rule => rule!.AsObject(), StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. All.Keys];
}
