using System.Text.Json;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>A file of Golden/workflows: the events of a workflow instance and the effects of a version of the machine, in order.</summary>
internal sealed record GoldenHistory(int MachineVersion, JsonElement Definition, IReadOnlyList<GoldenEntry> History, WorkflowStatus Status)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "workflows");

    /// <summary>The time of the first event.</summary>
    public static DateTimeOffset Start => SimulatedWorld.Start;

    public static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static GoldenHistory Read(string file) =>
        JsonSerializer.Deserialize<GoldenHistory>(File.ReadAllBytes(Path.Combine(Folder, file)), JobJson.Options)!;

    public WorkflowDefinition ReadDefinition()
    {
        var read = WorkflowReader.Read(JsonSerializer.SerializeToUtf8Bytes(Definition), out var faults);
        Assert.Empty(faults);
        return read!;
    }
}

/// <summary>One event and its effects; without an event, a re-run.</summary>
/// <param name="After">The time since the start.</param>
/// <param name="Event">The event.</param>
/// <param name="Effects">The resulting effects.</param>
internal sealed record GoldenEntry(TimeSpan After, WorkflowEvent? Event, JsonElement Effects);
