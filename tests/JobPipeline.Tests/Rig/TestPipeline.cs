using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Running;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Heartbeats;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Rig;

/// <summary>One worker process: the real services on in-memory storage and virtual time; the test plays the part of the host.</summary>
internal sealed class TestPipeline : IAsyncDisposable
{
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    public TestPipeline(params Type[] jobs)
        : this(new TracedStorage(new VirtualTimeProvider()), jobs) { }

    private TestPipeline(
        TracedStorage storage,
        Type[] jobs,
        VirtualTimeProvider? time = null,
        Action<IServiceCollection>? configure = null,
        params (string, string)[] settings)
    {
        (Storage, Time) = (storage, time ?? storage.Time);
        var services = new ServiceCollection();
        services.AddSingleton(Log).AddSingleton(typeof(ILogger<>), typeof(CapturedLogger<>));
        services.AddSingleton<TimeProvider>(Time).AddSingleton(Script);
        storage.AddTo(services).AddSingleton<IExpressionEvaluator, PathEvaluator>();
        services.AddLocalWorkflows();
        services.AddSingleton(new HandlerThread(isInline: true));
        services.AddJobPipeline(
            Settings(settings),
            jobs.Length > 0 ? jobs : (IEnumerable<Type>)[typeof(ScriptedJob), typeof(OtherJob), typeof(QuickJob)]);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<JobClient>();
        Executor = _services.GetRequiredService<DeliveryExecutor>();
        Pauses = _services.GetRequiredService<PauseRegistry>();
        Heartbeat = _services.GetRequiredService<InstanceHeartbeat>();
        Maintenance = _services.GetRequiredService<MaintenanceRunner>();
        Waiting = _services.GetRequiredService<WaitingMessages>();
    }

    public TracedStorage Storage { get; }

    public VirtualTimeProvider Time { get; }

    public CapturedLog Log { get; } = new();

    public Script Script { get; } = new();

    public JobClient Client { get; }

    public DeliveryExecutor Executor { get; }

    public PauseRegistry Pauses { get; }

    public InstanceHeartbeat Heartbeat { get; }

    public MaintenanceRunner Maintenance { get; }

    public ErrorCounter Errors => _services.GetRequiredService<ErrorCounter>();

    public ErrorGroupTriage ErrorGroups => _services.GetRequiredService<ErrorGroupTriage>();

    public WaitingMessages Waiting { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static IConfiguration Settings(params (string Path, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Path, s => (string?)s.Value, StringComparer.OrdinalIgnoreCase))
            .Build();

    public static TestPipeline With(params (string, string)[] settings) =>
        new(new TracedStorage(new VirtualTimeProvider()), [], settings: settings);

    /// <summary>Creates a pipeline with the test's own handlers, services and settings.</summary>
    public static TestPipeline With(Type[] jobs, Action<IServiceCollection> configure, params (string, string)[] settings) =>
        new(new TracedStorage(new VirtualTimeProvider()), jobs, configure: configure, settings: settings);

    /// <summary>Creates another worker on the same storage and clock, with its own settings.</summary>
    public TestPipeline Another(params (string, string)[] settings) => new(Storage, [], settings: settings);

    /// <summary>Creates another worker on the same storage and clock, with its own handlers, services and settings.</summary>
    public TestPipeline Another(Type[] jobs, Action<IServiceCollection> configure, params (string, string)[] settings) =>
        new(Storage, jobs, configure: configure, settings: settings);

    public static TestPipeline With(Action<IServiceCollection> configure) =>
        new(new TracedStorage(new VirtualTimeProvider()), [], configure: configure);

    /// <summary>Creates another worker on the same storage with a frozen clock: it sends no heartbeat, as if it had died.</summary>
    public TestPipeline Frozen() => new(Storage, [], new VirtualTimeProvider(Now));

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<JobId> EnqueueAsync(JobRequest? request = null) =>
        (await Client.EnqueueAsync(request ?? new JobRequest { Type = ScriptedJob.Type })).Id;

    /// <summary>Sends a message to a queue as a foreign producer does.</summary>
    public Task DropAsync(string json, string queue = PriorityQueues.Normal) =>
        Storage.Queue.SendAsync(queue, System.Text.Encoding.UTF8.GetBytes(json), TimeSpan.Zero, CancellationToken.None);

    /// <summary>Receives the one message that is visible, runs it, and hides or acknowledges it as the result says.</summary>
    public async Task<DeliveryResult> DeliverAsync(string queue = PriorityQueues.Normal, CancellationTokenSource? stopping = null)
    {
        var delivery = await ReceiveAsync(queue);
        var result = await Executor.ExecuteAsync(delivery, new DeliveryTerms(stopping?.Token ?? CancellationToken.None));
        await SettleAsync(delivery, result);
        return result;
    }

    /// <summary>Does the same with the first of several visible messages.</summary>
    public async Task DeliverOneAsync(string queue = PriorityQueues.Normal)
    {
        var delivery = (await Storage.Queue.ReceiveAsync(queue, 1, Visibility, CancellationToken.None))[0];
        await SettleAsync(delivery, await Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None)));
    }

    /// <summary>Processes the visible workflow events; returns whether there were any.</summary>
    public async Task<bool> DeliverEventsAsync()
    {
        var events = await Storage.Queue.ReceiveAsync(WorkflowEvents.Queue, 32, Visibility, CancellationToken.None);
        var again = await Get<LocalWorkflowRunner>().RunAsync(events, CancellationToken.None);
        foreach (var (delivery, at) in events.Zip(again))
        {
            if (at is { } until)
                await Storage.Queue.HideAsync(delivery, until - Storage.Time.GetUtcNow(), CancellationToken.None);
            else
                await Storage.Queue.DeleteAsync(delivery, CancellationToken.None);
        }

        return events.Count > 0;
    }

    public async Task<DeliveryResult> DrainPoisonAsync()
    {
        var delivery = await ReceiveAsync(PriorityQueues.PoisonOf(PriorityQueues.Normal));
        var result = await Executor.DrainAsync(delivery, new DeliveryTerms(CancellationToken.None));
        await SettleAsync(delivery, result);
        return result;
    }

    public async Task<QueueDelivery> ReceiveAsync(string queue = PriorityQueues.Normal) =>
        Assert.Single(await Storage.Queue.ReceiveAsync(queue, 1, Visibility, CancellationToken.None));

    public async Task SettleAsync(QueueDelivery delivery, DeliveryResult result)
    {
        if (result.PutBackUntil is { } until)
            await Storage.Queue.HideAsync(delivery, until - Storage.Time.GetUtcNow(), CancellationToken.None);
        else
            await Storage.Queue.DeleteAsync(delivery, CancellationToken.None);
    }

    /// <summary>Advances time until a message is visible.</summary>
    public void AdvanceToNextMessage(TimeSpan? step = null)
    {
        for (var i = 0; i < 10_000 && !Storage.Queue.HasVisible(PriorityQueues.Normal); i++)
            Time.Advance(step ?? TimeSpan.FromSeconds(1));
        Assert.True(Storage.Queue.HasVisible(PriorityQueues.Normal), "no message ever became visible");
    }

    public Task<JobSnapshot> RowsAsync(JobId id) => Storage.Store.ReadAsync(id, CancellationToken.None);

    public async Task<JobStatus> StatusAsync(JobId id) => (await RowsAsync(id)).Record!.Status;

    public async Task<JobState> StateAsync(JobId id) => (await StatusAsync(id)).State;

    public Task<DeadLetter?> LetterAsync(JobId id) => Storage.DeadLetters.ReadAsync(id, CancellationToken.None);

    public Task<DeadLetter> OnlyLetterAsync() => Task.FromResult(Assert.Single(Storage.DeadLetters.All()));

    public int Messages(string queue = PriorityQueues.Normal) => Storage.Queue.Count(queue);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
