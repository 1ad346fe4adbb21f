using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>
/// One attempt at one thing: a step, an item of its fan-out, or its compensation. Events name the attempt that they are
/// about, so that a late or repeated one is known for what it is.
/// </summary>
/// <param name="Step">The step's id.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Item">The item's place in the fan-out; null for the step itself.</param>
/// <param name="IsCompensation">True: what undoes the step.</param>
/// <param name="Generation">Counts the re-runs of the instance, from 1: attempts of an earlier one count for nothing.</param>
/// <param name="Deferrals">How often the attempt was told to come back later: what belongs to an earlier try of it counts for nothing.</param>
public sealed record StepRun(
    string Step,
    int Attempt,
    int? Item = null,
    bool IsCompensation = false,
    int Generation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Deferrals = 0)
{
    /// <summary>Higher for a later attempt at the same thing.</summary>
    internal long Rank => ((long)Generation << 32) + Attempt;
}
