using System.Text;
using System.Text.Json.Nodes;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of the reader of alert-rule files and its validation errors.</summary>
public sealed class AlertRuleReaderTests
{
    private const string Good = """
        { "name": "failure-rate", "title": "T", "metric": "a.b", "aggregate": "sum", "operator": ">", "threshold": 0.1,
          "window": "PT15M", "for": "PT5M", "severity": 2, "runbook": "a-b" }
        """;

    [Fact]
    public void ShippedRules_InTheAssembly_AreThoseOfTheFile()
    {
        var rules = AlertRuleReader.Read(
            Encoding.UTF8.GetBytes(Repository.Read("src/JobPipeline/Alerts/Rules/alert-rules.json")), out var faults);

        Assert.Empty(faults);
        Assert.Equal(rules.Select(rule => rule.Name), AlertRules.Shipped.Select(rule => rule.Name));
        Assert.True(rules.Count >= 14, $"only {rules.Count} rules");
    }

    [Fact]
    public void Read_EveryMember_ReturnsIt()
    {
        var rule = AlertRules.Shipped.Single(rule => rule.Name == "over-target");

        Assert.Equal(
            (
                "The p95 duration of a job type exceeds its target",
                "jobpipeline.jobs.timed",
                "jobpipeline.job.type",
                AlertAggregate.Sum,
                AlertOperator.Above,
                0.05,
                TimeSpan.FromMinutes(30),
                TimeSpan.FromMinutes(5),
                3,
                "a-job-type-is-slower-than-its-target"),
            (
                rule.Title,
                rule.Metric,
                rule.By,
                rule.Aggregate,
                rule.Operator,
                rule.Threshold,
                rule.Window,
                rule.For,
                rule.Severity,
                rule.Runbook));
        Assert.Equal(["false"], rule.Filter["jobpipeline.target.met"]);
        Assert.Equal(("jobpipeline.jobs.timed", 20.0, 0), (rule.Per!.Metric, rule.Per.Minimum, rule.Per.Filter.Count));
    }

    [Fact]
    public void Read_EverythingTheSchemaAllows_Succeeds()
    {
        var schema = JsonNode.Parse(Repository.Read("src/JobPipeline/Alerts/Rules/alert-rules.schema.json"))!["$defs"]!["rule"]!;
        foreach (var (member, definition) in schema["properties"]!.AsObject().Where(property => property.Value!["enum"] is not null))
        {
            foreach (var value in definition!["enum"]!.AsArray())
                Assert.Empty(ErrorsOf(With(rule => rule[member] = value!.DeepClone())));
        }

        foreach (var member in schema["required"]!.AsArray().Select(name => name!.GetValue<string>()))
            Assert.StartsWith($"rules[0].{member}: ", Assert.Single(ErrorsOf(With(rule => rule.Remove(member)))), StringComparison.Ordinal);
        Assert.Equal(
            schema["properties"]!
                .AsObject()
                .Select(property => property.Key)
                .Except(["filter", "per", "by"], StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
            schema["required"]!.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"name\": \"failure-rate\"", "\"name\": \"Failure Rate\"", "rules[0].name: must be a name such as 'failure-rate'")]
    [InlineData("\"title\": \"T\"", "\"title\": \"\"", "rules[0].title: must be a string of 1 to 120 characters")]
    [InlineData("\"metric\": \"a.b\", ", "", "rules[0].metric: must be a name such as 'jobpipeline.attempts'")]
    [InlineData("\"sum\"", "\"median\"", "rules[0].aggregate: must be one of sum, max, avg")]
    [InlineData("\">\"", "\"==\"", "rules[0].operator: must be one of >, >=, <")]
    [InlineData("0.1", "\"0.1\"", "rules[0].threshold: must be a number")]
    [InlineData("PT15M", "PT16M", "rules[0].window: must be one of PT5M, PT15M, PT30M, PT1H")]
    [InlineData("PT5M", "5m", "rules[0].for: must be one of PT0S, PT5M, PT10M, PT15M")]
    [InlineData("\"severity\": 2", "\"severity\": 5", "rules[0].severity: must be a whole number from 0 to 4")]
    [InlineData("\"a-b\"", "\"#a\"", "rules[0].runbook: must be an anchor such as 'the-circuit-is-open'")]
    [InlineData("\"severity\"", "\"by\": 7, \"severity\"", "rules[0].by: must be a name such as 'jobpipeline.attempts'")]
    [InlineData(
        "\"severity\"",
        "\"filter\": {}, \"severity\"",
        "rules[0].filter: must be an object that maps at least one attribute to an array of values")]
    [InlineData("\"severity\"", "\"filter\": { \"x\": [] }, \"severity\"", "rules[0].filter.x: must be an array with at least one string")]
    [InlineData("\"severity\"", "\"per\": [], \"severity\"", "rules[0].per: must be an object")]
    [InlineData(
        "\"severity\"",
        "\"per\": { \"metric\": \"a\", \"minimum\": 0 }, \"severity\"",
        "rules[0].per.minimum: must be a number of at least 1")]
    [InlineData(
        "\"severity\"",
        "\"per\": { \"metric\": \"a\", \"minimum\": 1, \"filtre\": 1 }, \"severity\"",
        "rules[0].per.filtre: is not a member of a rule; did you mean 'filter'?")]
    [InlineData("\"severity\"", "\"windows\": 1, \"severity\"", "rules[0].windows: is not a member of a rule; did you mean 'window'?")]
    [InlineData(
        "0.1",
        "1.5, \"per\": { \"metric\": \"a\", \"minimum\": 1 }",
        "rules[0].threshold: must be a number from 0 to 1 in a rule with 'per'")]
    [InlineData(
        "\"sum\"",
        "\"max\", \"per\": { \"metric\": \"a\", \"minimum\": 1 }",
        "rules[0].aggregate: must be sum in a rule with 'per'")]
    [InlineData(
        "\">\"",
        "\"<\", \"by\": \"x\"",
        "rules[0].operator: can't be < in a rule with 'by' or 'per', because a missing series has no value")]
    public void Read_InvalidMember_NamesItByItsPath(string good, string wrong, string expected)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);

        Assert.Equal([expected], ErrorsOf($$"""{ "rules": [ {{Good.Replace(good, wrong, StringComparison.Ordinal)}} ] }"""));
    }

    [Theory]
    [InlineData("[]", "rules: must be an array with at least one rule")]
    [InlineData("""{ "rules": [] }""", "rules: must be an array with at least one rule")]
    [InlineData("""{ "rules": [ 7 ] }""", "rules[0]: must be an object")]
    public void Read_InvalidListOfRules_ReturnsAnError(string json, string expected) => Assert.Equal([expected], ErrorsOf(json));

    [Fact]
    public void Read_SeveralInvalidMembers_NamesThemAll() =>
        Assert.Equal(
            [
                "rule: is not a member of the file",
                "rules[1].window: must be one of PT5M, PT15M, PT30M, PT1H",
                "rules[1].name: is a duplicate of another rule: 'failure-rate'",
            ],
            ErrorsOf($$"""{ "rule": 1, "rules": [ {{Good}}, {{Good.Replace("PT15M", "x", StringComparison.Ordinal)}} ] }"""));

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "rules": [], "rules": [] }""")]
    public void Read_InvalidJson_ReturnsAnError(string json) =>
        Assert.StartsWith("is not valid JSON", Assert.Single(ErrorsOf(json)), StringComparison.Ordinal);

    private static string With(Action<JsonObject> change)
    {
        var rule = JsonNode.Parse(Good)!.AsObject();
        change(rule);
        return new JsonObject { ["rules"] = new JsonArray(rule) }.ToJsonString();
    }

    private static string[] ErrorsOf(string json)
    {
        AlertRuleReader.Read(Encoding.UTF8.GetBytes(json), out var faults);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
