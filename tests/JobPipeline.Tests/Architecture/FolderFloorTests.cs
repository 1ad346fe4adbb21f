namespace JobPipeline.Tests.Architecture;

/// <summary>Each folder of the core has a floor and uses only folders on lower floors.</summary>
public sealed class FolderFloorTests
{
    /// <summary>From the lowest floor up. Folders of one entry share a floor and do not use each other.</summary>
    internal static readonly string[][] Floors =
    [
        ["Jobs"],
        ["Configuration"],
        ["Handlers"],
        ["Instances"],
        ["Diagnostics"],
        ["Enqueueing"],
        ["Limits"],
        ["Failures"],
        ["Execution"],
        ["Workflows", "Scheduling"],
        ["Maintenance"],
        ["Alerts"],
        ["Hosting"],
    ];

    [Fact]
    public void Core_InEachFolder_UsesLowerFloorsOnly()
    {
        var uses = CoreFolders.Uses(CoreFolders.Sources());
        Assert.True(uses.Count > 500, $"only {uses.Count} uses across folders were found");
        Assert.Empty(BackEdges(uses));
    }

    [Fact]
    public void Core_InItsTopLevelFolders_MatchesTheFloors() =>
        Assert.Empty(
            CoreFolders.Sources().Select(source => source.Path.Split('/')[0]).Distinct().Except(Floors.SelectMany(floor => floor)));

    [Fact]
    public void BackEdges_WithPlantedUsesOfHigherFloors_FindThem()
    {
        const string planted = """
            namespace JobPipeline.Jobs;
            internal static class Planted
            {
                private static readonly System.Type Type = typeof(Alerts.AlertOptions);
                private const string Name = nameof(Hosting.JobPipelineServices);
                private static object Body() => new Workflows.Definitions.WorkflowBuilder("planted");
                /// <summary>See <see cref="Limits.StartGates"/>.</summary>
                private static void Comment() { }
            }
            """;

        var found = BackEdges(CoreFolders.Uses(CoreFolders.Sources().Append(("Jobs/Planted.cs", planted))));

        Assert.Equal(
            ["AlertOptions", "JobPipelineServices", "StartGates", "WorkflowBuilder"],
            found.Where(edge => edge.File == "Jobs/Planted.cs").Select(edge => edge.Type).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<FolderUse> BackEdges(IEnumerable<FolderUse> uses) => uses.Where(use => FloorOf(use.To) >= FloorOf(use.From));

    private static int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder, StringComparer.Ordinal));
}
