namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Tests that start processes run one after another: the machine is theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
