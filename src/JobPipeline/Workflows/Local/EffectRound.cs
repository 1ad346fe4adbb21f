using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// The result of carrying out a batch of effects. Each effect is carried out on its own, so that a failed effect neither blocks
/// nor repeats the others. Effects are compared by reference, not by value.
/// </summary>
internal sealed class EffectRound
{
    private readonly Lock _lock = new();
    private readonly HashSet<WorkflowEffect> _left = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<StepRun> _unsent = [];
    private readonly List<WorkflowEvent> _answers = [];
    private bool _lacksEvent;

    /// <summary>
    /// The resulting events for the machine: attempts that failed for good, or an output that can't be evaluated.
    /// </summary>
    public IReadOnlyList<WorkflowEvent> Answers => _answers;

    /// <summary>The most recent error of an effect that is retried; null if there was none.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The error that keeps the workflow instance from continuing; null if it can continue.</summary>
    public Exception? Dead { get; private set; }

    /// <summary>Whether the effect must be retried.</summary>
    public bool IsLeft(WorkflowEffect effect) => _left.Contains(effect);

    /// <summary>
    /// Whether the effect must wait for another effect that is retried, because it would use or stop something that does not
    /// exist yet.
    /// </summary>
    public bool MustWait(WorkflowEffect effect)
    {
        lock (_lock)
        {
            return effect switch
            {
                WorkflowEffect.Run or WorkflowEffect.Expand or WorkflowEffect.End { Status: WorkflowStatus.Completed } => _lacksEvent,
                WorkflowEffect.Stop stop => _unsent.Contains(stop.Attempt),
                _ => false,
            };
        }
    }

    public void Leave(WorkflowEffect effect, Exception? error)
    {
        lock (_lock)
        {
            _left.Add(effect);
            _lacksEvent |= effect is WorkflowEffect.TakeEvent;
            if (effect is WorkflowEffect.Run run)
                _unsent.Add(run.Attempt);
            Error = error ?? Error;
        }
    }

    public void Answer(WorkflowEvent answer)
    {
        lock (_lock)
        {
            _answers.Add(answer);
        }
    }

    public void Die(Exception error)
    {
        lock (_lock)
        {
            Dead ??= error;
        }
    }
}
