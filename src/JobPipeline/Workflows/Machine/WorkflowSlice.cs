using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>
/// A slice of a fan-out, run as a workflow instance of its own with a single step that begins at the slice's first item. It has
/// the id of the whole workflow instance, so that its jobs have the same ids as without slices.
/// </summary>
/// <param name="Run">The slice, named by its first item.</param>
/// <param name="Count">The number of items.</param>
/// <param name="MaxParallel">The maximum number of items that run in parallel.</param>
internal sealed record WorkflowSlice(StepRun Run, int Count, int MaxParallel)
{
    /// <inheritdoc cref="StepState.PerPack"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PerPack { get; init; }

    private int First => Run.Item ?? 0;

    /// <summary>Returns the definition that the slice runs, as a part of the whole definition.</summary>
    public WorkflowDefinition Of(WorkflowDefinition whole)
    {
        var step = whole.Steps.First(step => step.Id == Run.Step);
        return whole with
        {
            Output = null,
            Steps =
            [
                step with
                {
                    Needs = [],
                    When = TriggerRule.AllSucceeded,
                    Compensate = null,
                    Action = (ForEachAction)step.Action with { MaxParallel = MaxParallel },
                },
            ],
        };
    }

    /// <summary>Creates the state of the slice before its first event, <see cref="WorkflowEvent.Started"/>.</summary>
    /// <param name="whole">
    /// The state of the whole workflow instance, of which the id, the creation time and the machine version are used.
    /// </param>
    /// <param name="now">The current time.</param>
    public WorkflowState Create(WorkflowState whole, DateTimeOffset now) => new()
    {
        MachineVersion = whole.MachineVersion,
        Instance = whole.Instance,
        Generation = Run.Generation,
        CreatedAt = whole.CreatedAt,
        UpdatedAt = now,
        Steps =
        [
            new StepState
            {
                Status = StepStatus.Running,
                StartedAt = now,
                Items = First + Count,
                Begun = First,
                Done = First,
                PerPack = Packs.SizeOf(PerPack, Count),
            },
        ],
    };

    /// <summary>Returns the event that reports the end of the slice to the whole workflow instance.</summary>
    public WorkflowEvent.SliceEnded Ended(WorkflowState state) => new(
        Run,
        state.Steps[0].Done - First,
        state.Steps[0].Attempts,
        state.Status switch
        {
            WorkflowStatus.Completed => null,
            WorkflowStatus.Failed => state.Steps[0].Error ?? "another item failed",
            _ => $"the items from index {First} were stopped",
        });
}
