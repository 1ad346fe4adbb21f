using System.Text.Json.Nodes;
using System.Xml;
using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

/// <summary>The alerts that are deployed to Azure.</summary>
[Slow]
public sealed class AlertTests
{
    private static readonly string[] AlertTypes =
        ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts", "Microsoft.Insights/activityLogAlerts"];

    public static TheoryData<string> Environments => Deployment.Names;

    public static TheoryData<string> Rules => AlertRules.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Alerts_OfAnEnvironment_CoverTheRulesAndAvailability(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        Assert.Equal(
            AlertRules.All.Keys.Order(StringComparer.Ordinal),
            deployment.All("Microsoft.Insights/scheduledQueryRules").Select(RuleOf).Order(StringComparer.Ordinal));
        Assert.Equal(
            "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria",
            (string?)deployment.One("Microsoft.Insights/metricAlerts")["properties"]!["criteria"]!["odata.type"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Alerts_OfEveryKind_ReachTheActionGroup(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var group = (string?)deployment.One("Microsoft.Insights/actionGroups")["id"];
        var alerts = AlertTypes.SelectMany(deployment.All).ToList();
        Assert.Equal(AlertRules.All.Count + 1, alerts.Count);
        Assert.All(alerts, alert =>
        {
            var actions = alert["properties"]!["actions"]!;
            Assert.Equal(
                group,
                actions is JsonArray list
                    ? (string?)Assert.Single(list)!["actionGroupId"]
                    : (string?)Assert.Single(actions["actionGroups"]!.AsArray()));
            Assert.True((bool)alert["properties"]!["enabled"]!);
            Assert.True((bool)alert["properties"]!["autoMitigate"]!);
        });
    }

    /// <summary>
    /// The smoke test of a deployment queries an alert by its name, which it derives from the name of the Application Insights
    /// resource.
    /// </summary>
    [Fact]
    public async Task Names_OfTheAlerts_FollowFromTheirRules()
    {
        var deployment = await Deployment.OfAsync("staging");
        var suffix = ((string)deployment.One("Microsoft.Insights/components")["name"]!)["appi-".Length..];
        Assert.All(
            deployment.All("Microsoft.Insights/scheduledQueryRules"),
            alert => Assert.Equal($"{RuleOf(alert)}-{suffix}", (string?)alert["name"]));
        Assert.Contains("regressed-error-group", AlertRules.All.Keys);
        Assert.Contains(
            "/scheduledQueryRules/regressed-error-group-$name", Repository.Read("tests/functions-e2e/smoke.sh"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Alert_OfEachRule_MatchesTheRule(string name)
    {
        var rule = AlertRules.All[name];
        var alert = await OfRuleAsync(name);
        Assert.Equal((int)rule["severity"]!, (int)alert["severity"]!);
        Assert.Equal((string?)rule["title"], (string?)alert["displayName"]);
        Assert.Equal($"{rule["title"]}. Runbook: https://example.com/runbook.md#{rule["runbook"]}", (string?)alert["description"]);
        Assert.Equal(
            (string?)(await Deployment.OfAsync("prod")).One("Microsoft.Insights/components")["id"],
            (string?)Assert.Single(alert["scopes"]!.AsArray()));
        Assert.InRange(Length(alert["windowSize"]!), Length(rule["window"]!) + Length(rule["for"]!), TimeSpan.FromHours(2));
        Assert.Equal("PT5M", (string?)alert["evaluationFrequency"]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Condition_OfEachRule_UsesTheRulesBounds(string name)
    {
        var rule = AlertRules.All[name];
        var condition = Assert.Single((await OfRuleAsync(name))["criteria"]!["allOf"]!.AsArray())!;
        var query = (string)condition["query"]!;
        var looks = Enumerable.Range(0, ((int)Length(rule["for"]!).TotalMinutes / 5) + 1).Select(i => i * 5);
        // A window as long as the evaluation interval overlaps the next one.
        var overlap = Length(rule["window"]!) == TimeSpan.FromMinutes(5) && Length(rule["for"]!) == TimeSpan.Zero ? 1 : 0;
        Assert.All(
            looks,
            back => Assert.Contains(
                $"age between ({back}m .. {back + Length(rule["window"]!).TotalMinutes + overlap}m)", query, StringComparison.Ordinal));
        var conditions = query.Split("\n| where ")[^1].Split("\n    and ");
        Assert.Equal(looks.Count(), conditions.Length);
        Assert.All(conditions, text => Assert.EndsWith($" {rule["operator"]} {rule["threshold"]}", text, StringComparison.Ordinal));
        Assert.Equal(
            ("Count", "GreaterThan", 0),
            ((string)condition["timeAggregation"]!, (string)condition["operator"]!, (int)condition["threshold"]!));
        Assert.Equal(
            rule.ContainsKey("by") ? ["split_by"] : [],
            condition["dimensions"]!.AsArray().Select(dimension => (string)dimension!["name"]!));
    }

    /// <summary>The queries that Azure runs, for review. A change of the rules or of alert-query.bicep also changes these files.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Query_OfEachRule_MatchesTheGoldenFile(string name)
    {
        var file = $"tests/JobPipeline.Infra.Tests/Golden/{name}.kql";
        var query = (string)(await OfRuleAsync(name))["criteria"]!["allOf"]![0]!["query"]! + "\n";

        Assert.True(
            File.Exists(Path.Combine(Repository.Root, file)) && Repository.Read(file) == query,
            $"{file} differs from the query, which is\n{query}");
    }

    [Fact]
    public void GoldenQueries_InTheFolder_MatchTheRules() => Assert.Equal(
        AlertRules.All.Keys.Order(StringComparer.Ordinal),
        Repository.Files("tests/JobPipeline.Infra.Tests/Golden", "*.kql")
            .Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal));

    private static async Task<JsonObject> OfRuleAsync(string name) =>
        Assert.Single(
            (await Deployment.OfAsync("prod")).All("Microsoft.Insights/scheduledQueryRules"),
            alert => RuleOf(alert) == name)["properties"]!.AsObject();

    private static string RuleOf(JsonObject alert) => (string)alert["properties"]!["actions"]!["customProperties"]!["rule"]!;

    private static TimeSpan Length(JsonNode duration) => XmlConvert.ToTimeSpan((string)duration!);
}
