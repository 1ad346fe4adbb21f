using System.Text.Json.Nodes;
using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

[Slow]
public sealed class MonitoringTests
{
    public static TheoryData<string> Environments => Deployment.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Diagnostics_OfStorageAndApp_AreSentToTheWorkspace(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var workspace = (string?)deployment.One("Microsoft.OperationalInsights/workspaces")["id"];
        Assert.Equal(workspace, (string?)deployment.One("Microsoft.Insights/components")["properties"]!["WorkspaceResourceId"]);
        string[] watched =
        [
            "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/queueServices",
            "Microsoft.Storage/storageAccounts/tableServices", "Microsoft.Web/sites",
        ];
        var settings = deployment.All("Microsoft.Insights/diagnosticSettings").ToList();
        Assert.Equal(
            watched.Select(type => (string)deployment.One(type)["id"]!).Order(StringComparer.Ordinal),
            settings.Select(setting => ((string)setting["id"]!).Split("/providers/Microsoft.Insights/diagnosticSettings/")[0])
                .Order(StringComparer.Ordinal));
        Assert.All(settings, setting => Assert.Equal(workspace, (string?)setting["properties"]!["workspaceId"]));
        Assert.All(settings, setting => Assert.True((bool)Assert.Single(setting["properties"]!["metrics"]!.AsArray())!["enabled"]!));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Telemetry_InEachEnvironment_HasARetention(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var days = (int)deployment.One("Microsoft.OperationalInsights/workspaces")["properties"]!["retentionInDays"]!;
        Assert.InRange(days, 30, 730);
        Assert.Equal(days, (int)deployment.One("Microsoft.Insights/components")["properties"]!["RetentionInDays"]!);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task AvailabilityTest_InEachEnvironment_RequestsReadiness(string environment)
    {
        var test = (await Deployment.OfAsync(environment)).One("Microsoft.Insights/webtests");
        Assert.Equal("[not(empty(parameters('availabilityKey')))]", (string?)test["condition"]);
        var request = test["properties"]!["Request"]!;
        Assert.Contains("https://{0}/health/ready", (string)request["RequestUrl"]!, StringComparison.Ordinal);
        Assert.Equal("[parameters('availabilityKey')]", (string?)Assert.Single(request["Headers"]!.AsArray())!["value"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Workbook_InEachEnvironment_QueriesItsOwnApplicationInsights(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var insights = (string?)deployment.One("Microsoft.Insights/components")["id"];
        var workbook = deployment.One("Microsoft.Insights/workbooks")["properties"]!;
        Assert.Equal(insights, (string?)workbook["sourceId"]);
        var content = JsonNode.Parse((string)workbook["serializedData"]!)!;
        Assert.Equal(insights, (string?)Assert.Single(content["fallbackResourceIds"]!.AsArray()));
        var queries = content["items"]!.AsArray().Select(item => (string?)item!["content"]!["query"]).OfType<string>().ToList();
        Assert.True(queries.Count >= 12, $"only {queries.Count} queries");
        Assert.All(queries, query => Assert.StartsWith("customMetrics\n| where name ", query, StringComparison.Ordinal));
    }
}
