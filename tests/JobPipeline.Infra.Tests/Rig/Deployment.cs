using System.Text.Json.Nodes;

namespace JobPipeline.Infra.Tests.Rig;

/// <summary>
/// The resources that an environment's deployment would create, including those of nested modules, with their properties as
/// evaluated by the compiler. Values that only Azure knows stay expressions.
/// </summary>
internal sealed class Deployment
{
    private static readonly Dictionary<string, string> Given = new(StringComparer.Ordinal)
    {
        ["AZURE_LOCATION"] = "westeurope",
        ["ALERT_EMAILS"] = "ada@example.com",
        ["ALERT_WEBHOOK"] = "https://example.com/hook",
        ["AVAILABILITY_KEY"] = "not-a-real-key",
        ["RUNBOOK"] = "https://example.com/runbook.md",
    };

    private static readonly Dictionary<string, Lazy<Task<Deployment>>> Environments = new(StringComparer.Ordinal)
    {
        ["dev"] = new(() => PredictAsync("dev")),
        ["staging"] = new(() => PredictAsync("staging")),
        ["prod"] = new(() => PredictAsync("prod")),
    };

    private Deployment(JsonNode snapshot)
    {
        Resources = [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];
        Outputs = snapshot["outputs"]!.AsObject();
        Diagnostics = snapshot["diagnostics"]!.AsArray();
    }

    public IReadOnlyList<JsonObject> Resources { get; }

    public JsonObject Outputs { get; }

    public JsonArray Diagnostics { get; }

    /// <summary>All three environments, for theories.</summary>
    public static TheoryData<string> Names => [.. Environments.Keys];

    public static Task<Deployment> OfAsync(string environment) => Environments[environment].Value;

    public IEnumerable<JsonObject> All(string type) =>
        Resources.Where(resource => string.Equals(type, (string?)resource["type"], StringComparison.OrdinalIgnoreCase));

    public JsonObject One(string type) => Assert.Single(All(type));

    /// <summary>The app's settings by name.</summary>
    public Dictionary<string, string> Settings() => One("Microsoft.Web/sites")["properties"]!["siteConfig"]!["appSettings"]!.AsArray()
        .ToDictionary(setting => (string)setting!["name"]!, setting => (string)setting!["value"]!, StringComparer.Ordinal);

    // The compiler writes its result next to the parameters file, so it gets a copy, with the rules that alerts.bicep reads.
    private static async Task<Deployment> PredictAsync(string environment)
    {
        var copy = Directory.CreateTempSubdirectory("infra-");
        try
        {
            foreach (var file in Repository.Files("infra", "*").Append("src/JobPipeline/Alerts/Rules/alert-rules.json"))
            {
                var target = Path.Combine(copy.FullName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(Repository.Root, file), target);
            }

            var folder = Path.Combine(copy.FullName, "infra");
            await Bicep.RunAsync(
                folder,
                Given,
                "snapshot",
                $"main.{environment}.bicepparam",
                "--subscription-id", Guid.Empty.ToString(),
                "--location", "westeurope",
                "--deployment-name", "test");
            return new Deployment(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"main.{environment}.snapshot.json")))!);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
