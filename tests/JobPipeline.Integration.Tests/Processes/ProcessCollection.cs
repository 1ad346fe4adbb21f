namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Tests that start processes run one at a time and have the machine to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
