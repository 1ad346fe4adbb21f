using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Testing;

/// <summary>The options of a <see cref="JobTestHarness"/>.</summary>
public sealed record JobTestHarnessOptions
{
    /// <summary>The types of the handlers to register. The default is none.</summary>
    public IReadOnlyCollection<Type> Handlers { get; init; } = [];

    /// <summary>The assemblies whose handlers are registered. The default is none.</summary>
    public IReadOnlyCollection<Assembly> Assemblies { get; init; } = [];

    /// <summary>
    /// Registers the services that the handlers need. It runs first, so that a port, a clock or a logger registered here replaces
    /// the harness's own. The queue and the clock are exceptions: the harness uses its own queue and <see cref="Time"/>.
    /// </summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>
    /// The configuration, with keys such as <c>JobPipeline:Jobs:greet:MaxAttempts</c>. It is validated as at the start of a host.
    /// The default is empty.
    /// </summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>> Configuration { get; init; } = [];

    /// <summary>
    /// The clock. The default is a new <see cref="VirtualTimeProvider"/>; with any other clock, the harness waits for due
    /// messages on that clock.
    /// </summary>
    public TimeProvider? Time { get; init; }

    /// <summary>
    /// The number of deliveries after which <see cref="JobTestHarness.RunUntilIdleAsync"/> gives up, because a job that keeps
    /// snoozing never ends. The default is 10,000.
    /// </summary>
    public int MaxDeliveries { get; init; } = 10_000;

    /// <summary>
    /// Gets how long, in real time, a handler that waits for a timer of its own must have been quiet before
    /// <see cref="JobTestHarness.RunUntilIdleAsync"/> advances the clock for it. The default is 50 milliseconds. If the timer
    /// only limits something else (a <see cref="CancellationTokenSource"/>, <c>Task.WaitAsync</c>), it is twenty times as long,
    /// because the limited operation is often real I/O. Increase it for handlers that race slow I/O against the clock.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Gets how long, in real time, the harness waits without any progress before it throws a <see cref="TimeoutException"/> that
    /// names the running handlers. Progress means that the clock advances, a delivery starts or ends, or the code of a handler is
    /// resumed. A handler that is only resumed from time to time is given ten times as long. The default is 30 seconds.
    /// </summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
