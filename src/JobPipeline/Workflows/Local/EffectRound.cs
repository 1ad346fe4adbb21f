using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// What came of carrying out some effects: each on its own, so that one that fails neither holds back nor repeats the others. Effects
/// are told apart as objects, not by what they say.
/// </summary>
internal sealed class EffectRound
{
    private readonly Lock _lock = new();
    private readonly HashSet<WorkflowEffect> _left = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<StepRun> _unsent = [];
    private readonly List<WorkflowEvent> _answers = [];
    private bool _lacksEvent;

    /// <summary>What the machine is told: attempts that failed for good, an output that can't be worked out.</summary>
    public IReadOnlyList<WorkflowEvent> Answers => _answers;

    /// <summary>The last failure of an effect that is tried again; null where there is none.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Why the instance can't go on at all; null: it can.</summary>
    public Exception? Dead { get; private set; }

    /// <summary>True for an effect that is to be tried again.</summary>
    public bool IsLeft(WorkflowEffect effect) => _left.Contains(effect);

    /// <summary>True for an effect that has to wait for another one that is left: it would use, or stop, what is not there yet.</summary>
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
