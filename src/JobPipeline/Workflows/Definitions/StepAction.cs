using System.Text.Json;

namespace JobPipeline.Workflows.Definitions;

/// <summary>What a step does: a closed set.</summary>
public abstract record StepAction
{
    private protected StepAction()
    {
    }
}

/// <summary>Runs a job; its result is the step's output.</summary>
/// <param name="Type">The job type.</param>
/// <param name="Payload">A template of the payload; default for none.</param>
public sealed record JobAction(string Type, JsonElement Payload = default) : StepAction;

/// <summary>Runs another workflow as a child; its output is the step's output.</summary>
/// <param name="Name">The workflow.</param>
/// <param name="Input">A template of its input; default for none.</param>
public sealed record ChildAction(string Name, JsonElement Input = default) : StepAction;

/// <summary>Runs a job or a child for each item of a list (fan-out) and goes on when all are done (fan-in); the list of their outputs is the step's output.</summary>
/// <param name="Items">An expression that gives the list.</param>
/// <param name="Each">What is run, with <c>item</c> in scope: a <see cref="JobAction"/> or a <see cref="ChildAction"/>.</param>
/// <param name="MaxParallel">How many run at a time.</param>
public sealed record ForEachAction(string Items, StepAction Each, int MaxParallel) : StepAction;

/// <summary>Waits for an event from outside; what it carries is the step's output.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="OnTimeout">What happens when the step's time limit passes first.</param>
public sealed record WaitAction(string Event, TimeoutRule OnTimeout = TimeoutRule.Fail) : StepAction;

/// <summary>Lets time pass.</summary>
/// <param name="Duration">How much.</param>
public sealed record DelayAction(TimeSpan Duration) : StepAction;

/// <summary>What happens when an event did not come in time.</summary>
public enum TimeoutRule
{
    /// <summary>The step fails.</summary>
    Fail,

    /// <summary>The step succeeds without an output.</summary>
    Continue,
}
