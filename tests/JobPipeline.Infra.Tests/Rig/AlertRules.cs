using System.Text.Json.Nodes;

namespace JobPipeline.Infra.Tests.Rig;

internal static class AlertRules
{
    public static JsonNode File { get; } = JsonNode.Parse(Repository.Read("infra/monitoring/alert-rules.json"))!;

    /// <summary>By name. That a name comes twice is told by a test of its own.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = File["rules"]!.AsArray()
        .DistinctBy(rule => (string)rule!["name"]!, StringComparer.Ordinal)
        .ToDictionary(rule => (string)rule!["name"]!, rule => rule!.AsObject(), StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. All.Keys];
}
