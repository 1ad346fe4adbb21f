using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

internal enum InFlightKind
{
    /// <summary>Somebody works: the history can't be left behind.</summary>
    Work,

    /// <summary>Has to be done before the orchestration ends; otherwise like work.</summary>
    Duty,

    /// <summary>A timer: it can be set again.</summary>
    Timer,

    /// <summary>The waiter for signals.</summary>
    Signal,
}

/// <summary>The tasks of one execution that are not done yet, in the order in which they were begun: of two that are done the older one counts first, in every replay.</summary>
internal sealed class InFlight
{
    private readonly List<(Task<WorkflowEvent?> Task, InFlightKind Kind)> _tasks = [];

    /// <summary>Nobody works.</summary>
    public bool IsQuiet => !_tasks.Exists(entry => entry.Kind is InFlightKind.Work or InFlightKind.Duty);

    public void Add(InFlightKind kind, Task<WorkflowEvent?> task) => _tasks.Add((task, kind));

    /// <summary>For what tells nothing when it is done.</summary>
    public void Add(InFlightKind kind, Task task) => Add(kind, SilentAsync(task));

    public void Remove(Task task) => _tasks.RemoveAll(entry => entry.Task == task);

    /// <summary>The next one that is done, and what it tells.</summary>
    public async Task<(InFlightKind Kind, WorkflowEvent? Happened)> NextAsync()
    {
        var done = await Task.WhenAny(_tasks.Select(entry => entry.Task));
        var kind = _tasks.Find(entry => entry.Task == done).Kind;
        Remove(done);
        return (kind, await done);
    }

    public Task DutiesAsync() => Task.WhenAll(_tasks.Where(entry => entry.Kind == InFlightKind.Duty).Select(entry => entry.Task));

    private static async Task<WorkflowEvent?> SilentAsync(Task task)
    {
        await task;
        return null;
    }
}
