using System.Text.Json;
using System.Text.RegularExpressions;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Workflows.Machine;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

/// <summary>Tests that docs/workflow.schema.json matches the definitions that the reader accepts.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonElement.Parse(Repository.Read("docs/workflow.schema.json"));

    [Theory]
    [InlineData("", typeof(WorkflowJson))]
    [InlineData("step", typeof(StepJson))]
    [InlineData("forEach", typeof(ForEachJson))]
    [InlineData("retry", typeof(RetryJson))]
    [InlineData("backoff", typeof(BackoffOverride))]
    [InlineData("compensate", typeof(CompensateJson))]
    public void Members_OfEveryShape_MatchTheReader(string name, Type shape)
    {
        var members = JobJson.Options.GetTypeInfo(shape).Properties;
        var described = name.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(name);
        Assert.Equal(members.Select(member => member.Name).Order(StringComparer.Ordinal), Names(described.GetProperty("properties")));
        var required = described.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(entry => entry.GetString()!)
            : [];
        Assert.Superset(
            members.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet(StringComparer.Ordinal),
            required.ToHashSet(StringComparer.Ordinal));
        Assert.False(described.GetProperty("additionalProperties").ValueKind == JsonValueKind.True);
    }

    [Theory]
    [InlineData("step", "when", typeof(TriggerRule))]
    [InlineData("step", "onTimeout", typeof(TimeoutRule))]
    [InlineData("backoff", "kind", typeof(BackoffKind))]
    public void Values_OfEveryEnum_MatchTheReader(string name, string member, Type choice) =>
        Assert.Equal(
            Enum.GetNames(choice).Select(JsonNamingPolicy.CamelCase.ConvertName),
            Schema
                .GetProperty("$defs")
                .GetProperty(name)
                .GetProperty("properties")
                .GetProperty(member)
                .GetProperty("enum")
                .EnumerateArray()
                .Select(word => word.GetString()!));

    [Fact]
    public void Limits_InTheSchema_MatchTheValidator()
    {
        Assert.Equal(
            WorkflowDefinition.MaxSteps,
            Schema.GetProperty("properties").GetProperty("steps").GetProperty("maxProperties").GetInt32());
        var parallel = Schema.GetProperty("$defs").GetProperty("forEach").GetProperty("properties").GetProperty("maxParallel");
        Assert.Equal(
            (WorkflowDefinition.MaxParallel, WorkflowDefinition.DefaultParallel),
            (parallel.GetProperty("maximum").GetInt32(), parallel.GetProperty("default").GetInt32()));
        var attempts = Schema.GetProperty("$defs").GetProperty("retry").GetProperty("properties").GetProperty("maxAttempts");
        Assert.Equal(JobLimits.MaxAttempts, attempts.GetProperty("maximum").GetInt32());
        var delays = Schema.GetProperty("$defs").GetProperty("backoff").GetProperty("properties").GetProperty("delays");
        Assert.Equal(RetrySchedule.MaxDelays, delays.GetProperty("maxItems").GetInt32());
    }

    public static TheoryData<string> Files => [.. GoldenHistory.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void GoldenDefinitions_AgainstTheSchema_AreValid(string file) =>
        Assert.Null(Wrong(GoldenHistory.Read(file).Definition, Schema, "$"));

    [Fact]
    public void ExampleInTheDocument_AgainstTheReaderAndTheSchema_IsValid()
    {
        var example = Repository.Read("docs/workflows.md").Split("```json")[1].Split("```")[0];
        var read = WorkflowReader.Read(System.Text.Encoding.UTF8.GetBytes(example), out var faults);
        Assert.Empty(faults);
        Assert.Equal(5, read!.Steps.Count);
        Assert.Null(Wrong(JsonElement.Parse(example), Schema, "$"));
    }

    [Theory]
    [InlineData("""{ "name": "x" }""")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "delay": "00:00:01" } } }""")]
    [InlineData("""{ "name": "x", "steps": { "a": { "jobb": "y" } } }""")]
    [InlineData("""{ "name": "x", "steps": { "a": { "delay": "5m" } } }""")]
    [InlineData("""{ "name": "x", "steps": { "1": { "delay": "00:00:05" } } }""")]
    public void InvalidDefinition_AgainstTheSchema_IsInvalid(string json) => Assert.NotNull(Wrong(JsonElement.Parse(json), Schema, "$"));

    /// <summary>Validates a value against the part of JSON Schema that the file uses.</summary>
    private static string? Wrong(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Wrong(value, Schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), path);
        if (schema.TryGetProperty("type", out var type) && type.GetString() != Kind(value))
            return $"{path} is not of type {type}";
        if (
            schema.TryGetProperty("pattern", out var pattern)
            && !Regex.IsMatch(value.GetString()!, pattern.GetString()!, RegexOptions.NonBacktracking))
            return $"{path} does not match";
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == value.GetString()))
            return $"{path} is none of {words}";
        if (
            schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().Any(name => !value.TryGetProperty(name.GetString()!, out _)))
            return $"{path} lacks one of {required}";
        if (schema.TryGetProperty("oneOf", out var ways) && ways.EnumerateArray().Count(way => Wrong(value, way, path) is null) != 1)
            return $"{path} is not one of {ways}";
        if (
            schema.TryGetProperty("items", out var items)
            && items.ValueKind == JsonValueKind.Object
            && value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select(item => Wrong(item, items, $"{path}[]")).FirstOrDefault(wrong => wrong is not null);
        return value.ValueKind != JsonValueKind.Object
            ? null
            : value.EnumerateObject().Select(member => WrongMember(member, schema, path)).FirstOrDefault(wrong => wrong is not null);
    }

    private static string? WrongMember(JsonProperty member, JsonElement schema, string path)
    {
        if (
            schema.TryGetProperty("propertyNames", out var names)
            && !Regex.IsMatch(member.Name, names.GetProperty("pattern").GetString()!, RegexOptions.NonBacktracking))
            return $"{path}.{member.Name} is not a valid name";
        if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var known))
            return Wrong(member.Value, known, $"{path}.{member.Name}");
        return !schema.TryGetProperty("additionalProperties", out var others) ? null
            : others.ValueKind == JsonValueKind.False ? $"{path}.{member.Name} is unknown"
            : Wrong(member.Value, others, $"{path}.{member.Name}");
    }

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => "integer",
            var kind => kind.ToString().ToLowerInvariant(),
        };

    private static IEnumerable<string> Names(JsonElement value) =>
        value.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
}
