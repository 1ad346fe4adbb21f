namespace JobPipeline.Workflows.Instances;

/// <summary>The save that put effects into an outbox.</summary>
/// <param name="Id">The id of the save.</param>
/// <param name="By">The process that saved them, which alone knows whether they were sent.</param>
/// <param name="At">When they were saved.</param>
/// <param name="Count">The number of effects, which follow those of the previous save.</param>
internal sealed record OutboxSave(string Id, string By, DateTimeOffset At, int Count)
{
    /// <summary>The save of effects that were stored without one.</summary>
    public static readonly OutboxSave Unknown = new("", "", DateTimeOffset.MinValue, 0);
}
