using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>The input of several attempts of items of one fan-out.</summary>
/// <param name="First">The input of the first one, which holds what all have in common.</param>
/// <param name="Items">All of them, in the order in which they run.</param>
internal sealed record StepPackInput(StepAttemptInput First, IReadOnlyList<PackedAttempt> Items)
{
    [JsonIgnore]
    public IEnumerable<StepAttemptInput> Orders => Items.Select(item => First with { Run = item.Run, At = item.At });
}

/// <summary>An attempt in a pack.</summary>
/// <param name="Run">The attempt.</param>
/// <param name="At">When it was first sent; ids are derived from it.</param>
internal sealed record PackedAttempt(StepRun Run, DateTimeOffset At)
{
    public static PackedAttempt Of(WorkflowEffect.Run effect) => new(effect.Attempt, effect.At);

    public static PackedAttempt Of(WorkflowEffect.Stop effect) => new(effect.Attempt, effect.At);
}
