using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The input of a strand. Definition, values and requests are read by the id of the workflow instance, and what the steps see of others
/// is a status each, so its size depends on neither the workflow nor its values.
/// </summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Steps">The steps, in the order in which they run.</param>
/// <param name="FirstAt">When the first step was sent; its ids are derived from it.</param>
/// <param name="IdsAt">The time from which the ids of all others are derived, fixed by the orchestration: the same in every copy.</param>
/// <param name="Taken">The ids of the requests that the orchestration has applied; any other one ends the strand.</param>
/// <param name="CorrelationId">The caller's own id for the work.</param>
internal sealed record StrandInput(
    string Instance,
    IReadOnlyList<StrandStep> Steps,
    DateTimeOffset FirstAt,
    DateTimeOffset IdsAt,
    IReadOnlyList<string> Taken,
    string? CorrelationId)
{
    /// <summary>The maximum size of the steps, in characters.</summary>
    private const int MaxSize = 20_000;

    /// <inheritdoc cref="StepAttemptInput.TraceParent"/>
    public string? TraceParent { get; init; }

    /// <summary>The name of the strand: the id of its first job.</summary>
    [JsonIgnore]
    public string Name => StepAttemptInput.IdOf(Instance, Steps[0].Run, FirstAt).ToString();

    /// <summary>Creates the input of a strand; null if less than two steps fit in it.</summary>
    /// <param name="plan">The plan of the definition.</param>
    /// <param name="planned">The steps, each with the state in which it starts.</param>
    /// <param name="idsAt"><see cref="IdsAt"/>.</param>
    /// <param name="correlationId">The caller's own id for the work.</param>
    /// <param name="traceParent">The W3C trace context of the workflow's start.</param>
    public static StrandInput? Of(
        WorkflowPlan plan,
        IReadOnlyList<(WorkflowEffect.Run Run, WorkflowState State)> planned,
        DateTimeOffset idsAt,
        string? correlationId,
        string? traceParent)
    {
        var steps = new List<StrandStep>();
        var size = 0;
        foreach (var (run, state) in planned)
        {
            var scope = StepAttemptInput.Of(plan, state, run.Attempt, run.At, run.Deadline, correlationId).Scope;
            var step = new StrandStep(run.Attempt, scope.Steps);
            size += step.Size;
            if (size > MaxSize)
                break;
            steps.Add(step);
        }

        return steps.Count < 2
            ? null
            : new StrandInput(planned[0].State.Instance, steps, planned[0].Run.At, idsAt, planned[0].State.TakenEvents, correlationId)
            {
                TraceParent = traceParent,
            };
    }

    /// <summary>Returns the inputs of the step attempts.</summary>
    public IReadOnlyList<StepAttemptInput> OrdersOf(WorkflowInstance instance) =>
        [.. Steps.Select((step, i) => StepAttemptInput.Of(instance, this, step, i == 0 ? FirstAt : IdsAt))];
}

/// <summary>A step of a strand.</summary>
/// <param name="Run">The attempt.</param>
/// <param name="Sees">The steps that its expressions name, as they are if the earlier steps of the strand succeed.</param>
internal sealed record StrandStep(StepRun Run, IReadOnlyDictionary<string, StepData> Sees)
{
    private const int Envelope = 150;

    [JsonIgnore]
    public int Size => Envelope + Run.Step.Length + Sees.Sum(step => Envelope + step.Key.Length + (step.Value.Error?.Length ?? 0));
}
