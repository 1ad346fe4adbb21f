using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Testing;

/// <summary>What a <see cref="JobTestHarness"/> is made of.</summary>
public sealed record JobTestHarnessOptions
{
    /// <summary>Handlers by their type. Default none.</summary>
    public IReadOnlyCollection<Type> Handlers { get; init; } = [];

    /// <summary>Assemblies whose handlers are all registered. Default none.</summary>
    public IReadOnlyCollection<Assembly> Assemblies { get; init; } = [];

    /// <summary>
    /// Registers what the handlers need. It runs first, so that a port, a clock or a logger registered here replaces the
    /// harness's own. Queue and clock are the exceptions: the harness drives its own queue and <see cref="Time"/>.
    /// </summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Configuration, keys as in <c>JobPipeline:Jobs:greet:MaxAttempts</c>. Validated like a host's at its start. Default empty.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>> Configuration { get; init; } = [];

    /// <summary>The clock. Default: a new <see cref="VirtualTimeProvider"/>; with any other, waiting for a due message waits on it.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Deliveries after which <see cref="JobTestHarness.RunUntilIdleAsync"/> gives up: a job that snoozes for ever never ends. Default 10,000.</summary>
    public int MaxDeliveries { get; init; } = 10_000;

    /// <summary>
    /// Gets how long, in real time, a handler that waits for a timer of its own must have been quiet before
    /// <see cref="JobTestHarness.RunUntilIdleAsync"/> moves the clock for it. The default is 50 milliseconds. Where the timer
    /// only limits something else (a <see cref="CancellationTokenSource"/>, <c>Task.WaitAsync</c>) it is twenty times as
    /// long, since what it limits is often real I/O. Raise it for handlers that race slow I/O against the clock.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Gets how long, in real time, nothing may move before the harness gives up with a <see cref="TimeoutException"/> that
    /// names the handlers that run: neither the clock nor a delivery, and no code of a handler is resumed. A handler that is
    /// resumed now and then is given ten times as long. The default is 30 seconds.
    /// </summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
