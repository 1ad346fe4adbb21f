using System.Text.Json;
using System.Text.Json.Nodes;
using JobPipeline.Infra.Tests.Rig;
using Json.Schema;

namespace JobPipeline.Infra.Tests;

/// <summary>The alert rules as data.</summary>
public sealed class AlertRuleFileTests
{
    private static readonly JsonSchema Schema =
        JsonSchema.FromText(Repository.Read("src/JobPipeline/Alerts/Rules/alert-rules.schema.json"));

    [Fact]
    public void Rules_OfTheFile_MatchTheSchema()
    {
        var result = Evaluate(AlertRules.File);
        Assert.True(result.IsValid, JsonSerializer.Serialize(result));
    }

    [Theory]
    [InlineData("severity", "5")]
    [InlineData("window", "\"PT7M\"")]
    [InlineData("aggregate", "\"median\"")]
    [InlineData("metric", "\"No spaces\"")]
    [InlineData("unheardOf", "1")]
    public void Schema_OnAnInvalidRule_RejectsIt(string member, string value)
    {
        var file = AlertRules.File.DeepClone();
        file["rules"]![0]![member] = JsonNode.Parse(value);
        Assert.False(Evaluate(file).IsValid);
    }

    [Fact]
    public void Names_OfTheRules_AreUnique()
    {
        var rules = AlertRules.File["rules"]!.AsArray();
        Assert.Equal(rules.Count, rules.Select(rule => (string)rule!["name"]!).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(rules.Count, rules.Select(rule => (string)rule!["title"]!).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Conditions_OfTheRules_AreUnique() => Assert.Equal(
        AlertRules.All.Count,
        AlertRules.All.Values.Select(
            rule => $"{rule["metric"]} {rule["filter"]?.ToJsonString()} {rule["per"]?.ToJsonString()} {rule["by"]}")
            .Distinct(StringComparer.Ordinal)
            .Count());

    /// <summary>A share is only meaningful of a sum.</summary>
    [Fact]
    public void Shares_AmongTheRules_UseSums() =>
        Assert.All(AlertRules.All.Values.Where(rule => rule.ContainsKey("per")), rule => Assert.Equal("sum", (string?)rule["aggregate"]));

    private static EvaluationResults Evaluate(JsonNode file) =>
        Schema.Evaluate(JsonSerializer.SerializeToElement(file), new EvaluationOptions { OutputFormat = OutputFormat.List });
}
