using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The strand of an orchestration: a chain of quick steps that one activity runs (ADR 28). While it is out, its steps are its own:
/// everything else that arrives is held until its endings are known, because a step that has run must not be cancelled. Only a request to
/// terminate is applied at once.
/// </summary>
internal sealed class Strands(TaskOrchestrationContext context, WorkflowPlan plan, OrchestrationInput passage, InFlight inFlight)
{
    /// <summary>The most by which a timer may fire early.</summary>
    private static readonly TimeSpan Earliness = TimeSpan.FromSeconds(1);

    private readonly List<WorkflowEvent> _held = [];
    private Strand? _out;

    /// <summary>Gets whether the orchestration has strands.</summary>
    public bool AreOn => passage.Strands is not null;

    /// <summary>Gets whether events are held while a strand is out. False only in the test that shows that its like would notice.</summary>
    public bool IsHolding { get; init; } = true;

    /// <summary>
    /// Sends the attempt that starts, with those that follow it, as a strand if possible. Returns the effects that remain to be done.
    /// </summary>
    public IReadOnlyList<WorkflowEffect> Begin(WorkflowState state, IReadOnlyList<WorkflowEffect> effects)
    {
        if (passage.Strands is not { Count: > 0 } quick)
            return effects;
        var idsAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var planned = StrandRules.PlanOf(plan, state, effects, quick, idsAt);
        if (planned.Count == 0 || StrandInput.Of(plan, planned, idsAt, passage.CorrelationId, passage.TraceParent) is not { } order)
            return effects;
        _out = new Strand(planned[0].Run, order);
        _out.Task = RunAsync(_out);
        inFlight.Add(InFlightKind.Strand, _out.Task);
        return [.. effects.Where(effect => effect != planned[0].Run)];
    }

    /// <summary>Holds events that arrive while the strand is out. Returns false if they are to be applied now.</summary>
    public bool TryHold(IReadOnlyList<WorkflowEvent> happened)
    {
        if (_out is not { } strand || !IsHolding)
            return false;
        var isTerminated = happened.Any(one => one is WorkflowEvent.TerminateRequested);
        if (isTerminated || happened.Any(one => one is WorkflowEvent.CancelRequested))
            Stop(strand);
        if (!isTerminated)
        {
            _held.AddRange(happened);
            return true;
        }

        inFlight.Remove(strand.Task);
        _out = null;
        _held.Clear();
        return false;
    }

    /// <summary>Returns the state as if the held events were applied, without the endings of the strand.</summary>
    public WorkflowState WithHeld(WorkflowState state, DateTimeOffset now) =>
        _held.Aggregate(state, (before, held) => WorkflowMachine.Evolve(plan, before, held, now).State);

    /// <summary>
    /// Applies the endings of the strand that has returned, by its clock and with its ids, and what was held: before the last ending,
    /// whose step is the one that was running. Returns the net effects, among them the attempt of a step that has nothing out.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The result; whether the attempt that starts must not be one of a strand.</returns>
    public async Task<(WorkflowTurn Turn, bool IsAlone)> EndAsync(WorkflowState state, DateTimeOffset now)
    {
        var (strand, held) = (_out!, _held.ToList());
        _out = null;
        _held.Clear();
        // A step that is stopped has stopped on record before it is asked for.
        await strand.Stopping;
        var effects = new List<WorkflowEffect> { strand.First };
        var events = strand.Answer.Events;
        for (var i = 0; i < events.Count; i++)
        {
            if (i == events.Count - 1)
                held.ForEach(one => Evolve(one, state.UpdatedAt, null));
            Evolve(events[i].Event, events[i].At, strand.Order.IdsAt);
        }

        if (events.Count == 0)
            held.ForEach(one => Evolve(one, now, null));
        return (new WorkflowTurn(state, NetEffects.Of(plan, state, effects)), IsAlone: events.Count == 0 || strand.Answer.IsBroken);

        void Evolve(WorkflowEvent happened, DateTimeOffset at, DateTimeOffset? idsAt)
        {
            // The clocks of workers differ; the time of an instance never goes back.
            var turn = WorkflowMachine.Evolve(plan, state, happened, at > state.UpdatedAt ? at : state.UpdatedAt, idsAt);
            state = turn.State;
            effects.AddRange(turn.Effects);
        }
    }

    private async Task<IReadOnlyList<WorkflowEvent>> RunAsync(Strand strand)
    {
        try
        {
            while ((strand.Answer = await AskAsync(strand.Order)).WaitUntil is { } until)
                await context.CreateTimer(until.UtcDateTime + Earliness, CancellationToken.None);
        }
        catch (TaskFailedException e)
        {
            var unknown = new WorkflowEvent.Failed(strand.First.Attempt, e.FailureDetails.ErrorMessage, IsPermanent: false);
            strand.Answer = new StrandAnswer([new StrandEvent(unknown, default)]);
        }

        return [];
    }

    private async Task<StrandAnswer> AskAsync(StrandInput order) => OrchestrationJson.Read<StrandAnswer>(
        await context.CallActivityAsync<string>(StrandActivities.Run, OrchestrationJson.Write(order), Activities.Patient));

    private void Stop(Strand strand)
    {
        if (!strand.Stopping.IsCompletedSuccessfully)
            return;
        strand.Stopping = context.CallActivityAsync<object?>(
            StrandActivities.Stop, OrchestrationJson.Write(strand.Order), Activities.Persistent);
        inFlight.Add(InFlightKind.Duty, strand.Stopping);
    }

    /// <param name="first">The effect that starts its first step.</param>
    /// <param name="order">The input.</param>
    private sealed class Strand(WorkflowEffect.Run first, StrandInput order)
    {
        public WorkflowEffect.Run First { get; } = first;

        public StrandInput Order { get; } = order;

        public StrandAnswer Answer { get; set; } = StrandAnswer.Nothing;

        public Task<IReadOnlyList<WorkflowEvent>> Task { get; set; } = null!;

        public Task Stopping { get; set; } = System.Threading.Tasks.Task.CompletedTask;
    }
}
