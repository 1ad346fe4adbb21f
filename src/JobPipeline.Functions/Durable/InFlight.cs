using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>The kinds of tasks that an orchestration waits for.</summary>
internal enum InFlightKind
{
    /// <summary>An activity or sub-orchestration; the orchestration can't continue as new before it completes.</summary>
    Work,

    /// <summary>Like <see cref="Work"/>, and must complete before the orchestration ends.</summary>
    Duty,

    /// <summary>Like <see cref="Work"/>; its result is taken from <see cref="Strands"/>.</summary>
    Strand,

    /// <summary>A timer, which can be set again.</summary>
    Timer,

    /// <summary>The wait for the next signal.</summary>
    Signal,
}

/// <summary>
/// The pending tasks of one execution, in the order in which they were started. Of two completed tasks the older one is taken
/// first, which is the same in every replay. A task completes with any number of events.
/// </summary>
internal sealed class InFlight
{
    private readonly List<(Task<IReadOnlyList<WorkflowEvent>> Task, InFlightKind Kind)> _tasks = [];

    /// <summary>Gets whether no work is pending.</summary>
    public bool IsQuiet => !_tasks.Exists(entry => entry.Kind is InFlightKind.Work or InFlightKind.Duty or InFlightKind.Strand);

    public void Add(InFlightKind kind, Task<IReadOnlyList<WorkflowEvent>> task) => _tasks.Add((task, kind));

    /// <summary>Adds a task that completes with one event, or with none.</summary>
    public void Add(InFlightKind kind, Task<WorkflowEvent?> task) => Add(kind, ListAsync(task));

    /// <summary>Adds a task that completes without an event.</summary>
    public void Add(InFlightKind kind, Task task) => Add(kind, SilentAsync(task));

    public void Remove(Task task) => _tasks.RemoveAll(entry => entry.Task == task);

    /// <summary>Waits for the next completed task and returns its events.</summary>
    public async Task<(InFlightKind Kind, IReadOnlyList<WorkflowEvent> Happened)> NextAsync()
    {
        var done = await Task.WhenAny(_tasks.Select(entry => entry.Task));
        var kind = _tasks.Find(entry => entry.Task == done).Kind;
        Remove(done);
        return (kind, await done);
    }

    public Task DutiesAsync() => Task.WhenAll(_tasks.Where(entry => entry.Kind == InFlightKind.Duty).Select(entry => entry.Task));

    private static async Task<IReadOnlyList<WorkflowEvent>> ListAsync(Task<WorkflowEvent?> task) =>
        await task is { } happened ? [happened] : [];

    private static async Task<IReadOnlyList<WorkflowEvent>> SilentAsync(Task task)
    {
        await task;
        return [];
    }
}
