using System.Diagnostics.Metrics;
using System.Text;
using JobPipeline.Enqueueing;
using JobPipeline.Execution.Running;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Functions.StartUp;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Functions.Tests.Support;

/// <summary>The services of the app on in-memory storage in virtual time, with a host double.</summary>
internal sealed class FunctionsRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public FunctionsRig(params (string Name, string Value)[] settings)
        : this(new TracedStorage(new VirtualTimeProvider()), clock: null, settings)
    {
    }

    private FunctionsRig(TracedStorage storage, VirtualTimeProvider? clock, params (string Name, string Value)[] settings)
    {
        Storage = storage;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Name, s.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<IMeterFactory>(Meters)
            .AddSingleton<TimeProvider>(clock ?? storage.Time)
            .AddSingleton(Script)
            .AddSingleton<IResourceProbe>(Probe)
            .AddSingleton(new HandlerThread(isInline: true));
        storage.AddTo(services);
        // Retention has its own tests for each storage.
        _services = services.AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly)
            .RemoveAll<IRetentionSweep>()
            .BuildServiceProvider();
        Host = new FunctionsHostDouble(_services, storage.Queue, storage.Queue);
    }

    public TracedStorage Storage { get; }

    public InMemoryInstanceStore Instances => Storage.Instances;

    public VirtualTimeProvider Time => Storage.Time;

    public Script Script { get; } = new();

    /// <summary>Measures no memory in use unless a test says otherwise.</summary>
    public ScriptedProbe Probe { get; } = new(1_000_000);

    public MeasuredMeters Meters { get; } = new();

    public FunctionsHostDouble Host { get; }

    public IServiceProvider Services => _services;

    public JobClient Client => _services.GetRequiredService<JobClient>();

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>
    /// Returns another instance on the same storage. Its clock does not advance, so it sends no heartbeat, as if it had died.
    /// </summary>
    public FunctionsRig Dying() => new(Storage, new VirtualTimeProvider(Now));

    public async Task<JobId> EnqueueAsync(JobRequest? request = null) =>
        (await Client.EnqueueAsync(request ?? new JobRequest { Type = ScriptedJob.Type })).Id;

    public async Task<JobId[]> EnqueuePackAsync(int count)
    {
        var results = await Client.EnqueueManyAsync([.. Enumerable.Range(0, count).Select(_ => new JobRequest { Type = QuickJob.Type })]);
        return [.. results.Select(result => result.Id)];
    }

    /// <summary>Sends a message to a queue as a foreign producer does.</summary>
    public Task DropAsync(string text, string queue = PriorityQueues.Normal) =>
        Storage.Queue.SendAsync(queue, Encoding.UTF8.GetBytes(text), TimeSpan.Zero, CancellationToken.None);

    /// <summary>
    /// Returns the job id of a foreign message, derived from its first delivery; n selects one of several equal messages.
    /// </summary>
    public JobId IdOf(string text, int n = 0)
    {
        var body = Encoding.UTF8.GetBytes(text);
        return Host.Deliveries.Where(delivery => delivery.Body.Span.SequenceEqual(body)).Select(
            delivery => delivery.DerivedId).Distinct().ElementAt(n);
    }

    /// <summary>Delivers every message that becomes visible, advancing the time, until the queue is empty.</summary>
    public async Task RunUntilIdleAsync(string queue = PriorityQueues.Normal)
    {
        for (var i = 0; Storage.Queue.NextVisibleAt(queue) is { } due; i++)
        {
            Assert.True(i < 500, "the queue never becomes empty");
            if (due > Now)
                Time.Advance(due - Now);
            await Host.DeliverAsync(queue).InTime();
        }
    }

    public int Messages(string queue = PriorityQueues.Normal) => Storage.Queue.Count(queue);

    public Task<JobSnapshot> RowsAsync(JobId id) => Storage.Store.ReadAsync(id, CancellationToken.None);

    public async Task<JobState?> StateAsync(JobId id) => (await RowsAsync(id)).Record?.Status.State;

    public Task<IReadOnlyList<DeadLetter>> LettersAsync() => Task.FromResult(Storage.DeadLetters.All());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Meters.Dispose();
    }
}
