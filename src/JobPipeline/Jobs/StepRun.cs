using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>
/// A step attempt: of a step, of an item of its fan-out, or of its compensation. Each event names its step attempt, so that a
/// late or repeated event is recognized.
/// </summary>
/// <param name="Step">The id of the step.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Item">The index of the item in the fan-out; null for the step itself.</param>
/// <param name="IsCompensation">Whether this is an attempt of the step's compensation.</param>
/// <param name="Generation">
/// The number of the run of the workflow instance, from 1; each re-run increments it. Events of an earlier run are ignored.
/// </param>
/// <param name="Deferrals">
/// The number of times that the attempt was deferred. Events from before the last deferral are ignored.
/// </param>
public sealed record StepRun(
    string Step,
    int Attempt,
    int? Item = null,
    bool IsCompensation = false,
    int Generation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Deferrals = 0)
{
    /// <summary>The rank of the attempt; higher for a later attempt of the same step, item or compensation.</summary>
    internal long Rank => ((long)Generation << 32) + Attempt;
}
