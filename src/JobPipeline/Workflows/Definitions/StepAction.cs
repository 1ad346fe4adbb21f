using System.Text.Json;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The action of a step: a closed set.</summary>
internal abstract record StepAction
{
    private protected StepAction()
    {
    }
}

/// <summary>Runs a job. The job's result is the step's output.</summary>
/// <param name="Type">The job type.</param>
/// <param name="Payload">The template of the payload; default for no payload.</param>
internal sealed record JobAction(string Type, JsonElement Payload = default) : StepAction;

/// <summary>Runs another workflow as a child. The child's output is the step's output.</summary>
/// <param name="Name">The name of the workflow.</param>
/// <param name="Input">The template of the child's input; default for no input.</param>
internal sealed record ChildAction(string Name, JsonElement Input = default) : StepAction;

/// <summary>
/// Runs a job or a child workflow for each item of a list (fan-out), and completes when all of them are done (fan-in). The step's
/// output is the list of their outputs.
/// </summary>
/// <param name="Items">The expression that returns the list.</param>
/// <param name="Each">
/// The action to run, with <c>item</c> in scope: a <see cref="JobAction"/> or a <see cref="ChildAction"/>.
/// </param>
/// <param name="MaxParallel">The maximum number of items that run in parallel.</param>
internal sealed record ForEachAction(string Items, StepAction Each, int MaxParallel) : StepAction;

/// <summary>Waits for an external event. The event's payload is the step's output.</summary>
/// <param name="Event">The name of the event.</param>
/// <param name="OnTimeout">The behavior when the step's time limit passes first.</param>
internal sealed record WaitAction(string Event, TimeoutRule OnTimeout = TimeoutRule.Fail) : StepAction;

/// <summary>Waits for a fixed time.</summary>
/// <param name="Duration">The time to wait.</param>
internal sealed record DelayAction(TimeSpan Duration) : StepAction;

/// <summary>Specifies what happens when a step times out while it waits for an event.</summary>
public enum TimeoutRule
{
    /// <summary>The step fails.</summary>
    Fail,

    /// <summary>The step succeeds without an output.</summary>
    Continue,
}
