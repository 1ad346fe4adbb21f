using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Local;

/// <summary>Events of one workflow instance that arrived together.</summary>
internal sealed class TurnArrival(IReadOnlyList<LocalEvent> events)
{
    public IReadOnlyList<LocalEvent> Events { get; } = events;

    /// <summary>Completed when the events are applied.</summary>
    public TaskCompletionSource<TurnResult> Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The events of one workflow instance that wait for its next turn. At most one runs at a time. Thread-safe.</summary>
internal sealed class TurnArrivals
{
    private readonly Lock _lock = new();
    private readonly Queue<TurnArrival> _waiting = new();
    private bool _isHeld;
    private bool _isClosed;

    /// <summary>When the last turn ended.</summary>
    public DateTimeOffset LastTurn { get; private set; }

    /// <summary>Whether nothing has happened since <see cref="Release"/>.</summary>
    public bool IsRested { get; private set; }

    /// <summary>Adds events. Returns false if the workflow instance was forgotten meanwhile.</summary>
    /// <param name="arrival">The events.</param>
    /// <param name="isFirst">Whether the caller has to start the turns.</param>
    public bool TryAdd(TurnArrival arrival, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = !_isHeld && !_isClosed;
            if (_isClosed)
                return false;
            _waiting.Enqueue(arrival);
            _isHeld = true;
            IsRested = false;
            return true;
        }
    }

    /// <summary>Takes the events of the next turn, as many as one save may store the outputs of; empty when the turns end.</summary>
    public IReadOnlyList<TurnArrival> Take(TimeProvider time)
    {
        lock (_lock)
        {
            var batch = new List<TurnArrival>();
            var (outputs, bytes) = (0, 0L);
            while (_waiting.TryPeek(out var next))
            {
                outputs += next.Events.Count;
                bytes += next.Events.Sum(happened => happened.Output?.Value.Length ?? 0);
                if (batch.Count > 0 && (outputs > IWorkflowStore.MaxOutputs || bytes > IWorkflowStore.MaxOutputBytes))
                    break;
                batch.Add(_waiting.Dequeue());
            }

            if (batch.Count == 0)
                (_isHeld, LastTurn) = (false, time.GetUtcNow());
            return batch;
        }
    }

    /// <summary>Keeps turns from starting. Returns false if one is running.</summary>
    public bool TryHold()
    {
        lock (_lock)
        {
            return !_isHeld && !_isClosed && (_isHeld = true);
        }
    }

    /// <summary>Lets turns start again. Returns false if events have arrived: the caller has to start the turns.</summary>
    /// <param name="closes">Whether the workflow instance is forgotten, unless events have arrived.</param>
    public bool Release(bool closes)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
                return false;
            (_isHeld, _isClosed, IsRested) = (false, closes, true);
            return true;
        }
    }
}
