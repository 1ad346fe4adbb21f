namespace JobPipeline.Tests.Interleavings;

/// <summary>The result of a storage operation that passed its gate.</summary>
internal enum Fate
{
    Proceed,
    FaultBefore,
    FaultAfter,
}

/// <summary>A storage fault, before or after the operation took effect.</summary>
internal sealed class InjectedFaultException(string operation) : Exception($"injected at {operation}");

/// <summary>One actor: everything it awaits passes through the scheduler; a killed actor is never resumed.</summary>
internal sealed class Actor(string name)
{
    private int _flows;

    public string Name { get; } = name;

    public bool IsKilled { get; set; }

    /// <summary>Whether it is a worker without a handler for any type.</summary>
    public bool IsStranger { get; init; }

    /// <summary>Whether it is a process that executes jobs or advances workflows.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether the process stops: it finishes what it has begun.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether it is a worker between the receipt of a message and its acknowledgement.</summary>
    public bool IsBusy => _flows > 0;

    /// <summary>Begins to process a message.</summary>
    public void Begin() => _flows++;

    /// <summary>Ends the processing of a message.</summary>
    public void End() => _flows--;
}

/// <summary>A flow of an actor that waits to be resumed.</summary>
internal sealed record Parked(Actor Actor, string Operation, bool MayFail, Func<bool> IsEnabled, TaskCompletionSource<Fate> Gate);

/// <summary>
/// Runs asynchronous code deterministically on one thread: every storage operation parks at a gate, and resuming a flow
/// runs it, inline, to its next gate.
/// </summary>
internal sealed class Scheduler
{
    private readonly List<Parked> _parked = [];

    public IEnumerable<Parked> Enabled => _parked.Where(p => !p.Actor.IsKilled && p.IsEnabled());

    public Task<Fate> StepAsync(Actor actor, string operation, bool mayFail = true, Func<bool>? isEnabled = null)
    {
        var gate = new TaskCompletionSource<Fate>();
        _parked.Add(new Parked(actor, operation, mayFail, isEnabled ?? (static () => true), gate));
        return gate.Task;
    }

    public void LetOn(Parked flow, Fate fate)
    {
        _parked.Remove(flow);
        flow.Gate.SetResult(fate);
    }

    /// <summary>Passes the gate, applies the operation, and throws as the fate demands.</summary>
    public async Task<T> OperateAsync<T>(Actor actor, string operation, Func<Task<T>> operate)
    {
        var fate = await StepAsync(actor, operation);
        if (fate == Fate.FaultBefore)
            throw new InjectedFaultException(operation);
        var result = await operate();
        return fate == Fate.FaultAfter ? throw new InjectedFaultException(operation) : result;
    }
}
