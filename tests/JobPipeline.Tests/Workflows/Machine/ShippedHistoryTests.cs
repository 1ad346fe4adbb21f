using System.Text;
using System.Text.Json;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>
/// Every shipped definition has golden histories of its version that contain the same definition. Running workflow instances keep
/// their definition, so a changed definition gets a new version, and the histories of the old one remain.
/// </summary>
public sealed class ShippedHistoryTests
{
    /// <summary>The environment variable that makes the test write missing histories.</summary>
    private const string RecordVariable = "JOBPIPELINE_RECORD_HISTORIES";
    private const string Shipped = "src/JobPipeline.BuiltIn/Workflows";
    private const string Folder = "tests/JobPipeline.Tests/Golden/workflows";

    public static TheoryData<string> Definitions => [.. Repository.Files(Shipped, "*.json").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void ShippedDefinition_OfEachFile_HasItsGoldenHistories(string file)
    {
        var definition = WorkflowReader.Read(Encoding.UTF8.GetBytes(Repository.Read(file)), out var faults);
        Assert.Empty(faults);
        for (var version = 1; version < definition!.Version; version++)
            Assert.Contains($"{definition.Name}.v{version}.json", GoldenHistory.Files, StringComparer.Ordinal);
        foreach (var (name, isRaised) in Histories(definition))
        {
            if (
                !GoldenHistory.Files.Contains(name, StringComparer.Ordinal)
                && Environment.GetEnvironmentVariable(RecordVariable) is not null)
                File.WriteAllText(Path.Combine(Repository.Root, Folder, name), new HistoryRecorder(definition).Record(isRaised));
            Assert.True(
                GoldenHistory.Files.Contains(name, StringComparer.Ordinal),
                $"{Folder}/{name} is missing; run this test with {RecordVariable}=1 to write it, then review it.");
            Assert.True(
                TextOf(GoldenHistory.Read(name).ReadDefinition()) == TextOf(definition),
                $"{file} differs from version {definition.Version} in {name}; increment its version and keep the existing histories."
            );
        }
    }

    private static IEnumerable<(string Name, bool IsRaised)> Histories(WorkflowDefinition definition)
    {
        var stem = $"{definition.Name}.v{definition.Version}";
        yield return ($"{stem}.json", true);
        if (definition.Steps.Any(step => step is { Action: WaitAction, Timeout: not null }))
            yield return ($"{stem}.timed-out.json", false);
    }

    /// <summary>Removes the texts for people, which may change.</summary>
    private static string TextOf(WorkflowDefinition definition) =>
        JsonSerializer.Serialize(JsonElement.Parse(WorkflowReader.Write(definition with { Description = null })));
}
