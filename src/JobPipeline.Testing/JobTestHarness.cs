using System.Text.Json;
using JobPipeline.Execution;
using JobPipeline.Failures;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Testing;

/// <summary>
/// Runs handlers through the real pipeline, on in-memory adapters and in virtual time: claims, retries, backoff, snoozes,
/// timeouts, checkpoints and dead letters are those of production, and hours of backoff take no time at all. One message
/// runs at a time, the highest lane first, so that a run is repeatable. Workflows run as well: register their definitions
/// and an <see cref="JobPipeline.Workflows.IExpressionEvaluator"/> (<see cref="JobTestHarnessOptions.ConfigureServices"/>).
/// </summary>
/// <example>
/// <code>
/// await using var harness = JobTestHarness.For&lt;GreetJob&gt;(services => services.AddSingleton(mail));
/// var id = await harness.EnqueueAsync("greet", new GreetPayload("Ada"));
/// await harness.RunUntilIdleAsync();
/// Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id));
/// </code>
/// </example>
public sealed class JobTestHarness : IAsyncDisposable
{
    // As a host would: long enough for a handler, short enough to see a message that was left.
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private const int EventsAtATime = 32;

    private readonly ServiceProvider _services;
    private readonly TimeProvider _clock;
    private readonly InMemoryQueue _queue;
    private readonly DeliveryExecutor _executor;
    private readonly JobClient _client;
    private readonly int _maxDeliveries;

    /// <exception cref="OptionsValidationException">The configuration is not valid.</exception>
    /// <exception cref="InvalidOperationException">A handler is declared wrongly.</exception>
    public JobTestHarness(JobTestHarnessOptions options)
    {
        _clock = options.Time ?? new VirtualTimeProvider();
        _queue = new InMemoryQueue(_clock);
        _maxDeliveries = options.MaxDeliveries;
        _services = new ServiceCollection().AddTestPipeline(options, _clock, _queue).BuildServiceProvider();
        _services.GetService<IStartupValidator>()?.Validate();
        _executor = _services.GetRequiredService<DeliveryExecutor>();
        _client = _services.GetRequiredService<JobClient>();
    }

    /// <summary>A harness for one handler.</summary>
    /// <inheritdoc cref="JobTestHarness(JobTestHarnessOptions)" path="/exception"/>
    public static JobTestHarness For<THandler>(Action<IServiceCollection>? configureServices = null)
        where THandler : class =>
        new(new JobTestHarnessOptions { Handlers = [typeof(THandler)], ConfigureServices = configureServices });

    /// <summary>Workflows: to raise events, to cancel, to look.</summary>
    public IWorkflowRuntime Workflows => _services.GetRequiredService<IWorkflowRuntime>();

    /// <summary>The services of the pipeline, for what the harness does not offer itself.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The clock, to move by hand: into the middle of a run that waits, past an expiry.</summary>
    /// <exception cref="InvalidOperationException">The harness was given another clock.</exception>
    public VirtualTimeProvider Time =>
        _clock as VirtualTimeProvider ?? throw new InvalidOperationException($"The harness runs on a {_clock.GetType().Name}, which it can't move.");

    /// <summary>Enqueues a job with the payload serialised as JSON.</summary>
    /// <inheritdoc cref="JobClient.EnqueueAsync" path="/exception"/>
    public async Task<JobId> EnqueueAsync<TPayload>(string type, TPayload payload, CancellationToken cancellationToken = default) =>
        (await _client.EnqueueAsync(JobRequest.For(type, payload), cancellationToken)).Id;

    /// <inheritdoc cref="JobClient.EnqueueAsync"/>
    public async Task<JobId> EnqueueAsync(JobRequest request) => (await _client.EnqueueAsync(request)).Id;

    /// <summary>
    /// Delivers messages and moves time to the next due one, until none is left: every job has ended then. While a handler
    /// runs, time stands still unless the test moves it.
    /// </summary>
    /// <exception cref="InvalidOperationException">Jobs go on and on: see <see cref="JobTestHarnessOptions.MaxDeliveries"/>.</exception>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        for (var deliveries = 0; NextDue() is { } due;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await WaitUntilAsync(due, cancellationToken);
            if (await RunNextAsync(cancellationToken) && ++deliveries >= _maxDeliveries && NextDue() is not null)
                throw new InvalidOperationException($"Not idle after {deliveries} deliveries: a job snoozes or enqueues for ever.");
        }
    }

    /// <summary>Starts a workflow that is registered by its name, with the input serialised as JSON. Returns the instance's id.</summary>
    /// <exception cref="ArgumentException">There is no such workflow.</exception>
    public async Task<string> StartWorkflowAsync<TInput>(string name, TInput input, string? instance = null, CancellationToken cancellationToken = default)
    {
        var catalog = _services.GetRequiredService<WorkflowCatalog>();
        var definition = catalog.Find(name) ?? throw new ArgumentException(catalog.WhyUnknown(name), nameof(name));
        var id = instance ?? WorkflowIds.Create(_clock.GetUtcNow());
        await Workflows.StartAsync(definition, id, JsonSerializer.SerializeToUtf8Bytes(input, JobJson.Options), correlationId: null, cancellationToken);
        return id;
    }

    /// <summary>Delivers the next message that is due now, or the events of workflows that are. False: there are none.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken = default)
    {
        if (await _queue.ReceiveAsync(WorkflowEvents.Queue, EventsAtATime, Visibility, cancellationToken) is { Count: > 0 } events)
        {
            await RunWorkflowsAsync(events, cancellationToken);
            return true;
        }

        foreach (var lane in JobLanes.All)
        {
            if (await _queue.ReceiveAsync(lane, 1, Visibility, cancellationToken) is not [var delivery])
                continue;
            var result = await _executor.ExecuteAsync(delivery, cancellationToken);
            if (result.PutBackUntil is { } until)
                await _queue.HideAsync(delivery, until - _clock.GetUtcNow(), CancellationToken.None);
            else
                await _queue.DeleteAsync(delivery, CancellationToken.None);
            return true;
        }

        return false;
    }

    /// <inheritdoc cref="JobClient.GetAsync"/>
    public Task<JobSnapshot> GetAsync(JobId id, CancellationToken cancellationToken = default) => _client.GetAsync(id, cancellationToken);

    /// <summary>Where the job stands; null for one that nobody knows.</summary>
    public async Task<JobState?> GetStateAsync(JobId id, CancellationToken cancellationToken = default) =>
        (await GetAsync(id, cancellationToken)).Record?.Status.State;

    /// <summary>What the handler returned; default when the job has no result (yet).</summary>
    public async Task<TResult?> GetResultAsync<TResult>(JobId id, CancellationToken cancellationToken = default)
    {
        if ((await GetAsync(id, cancellationToken)).Record?.Status is not { } status)
            return default;
        var json = status.ResultInBlob
            ? await _services.GetRequiredService<IPayloadStore>().ReadAsync(PayloadName.Result(id), cancellationToken) ?? default
            : status.Result;
        return json.IsEmpty ? default : JsonSerializer.Deserialize<TResult>(json.Span, JobJson.Options);
    }

    /// <summary>Every dead letter, newest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(CancellationToken cancellationToken = default)
    {
        var store = _services.GetRequiredService<IDeadLetterStore>();
        var letters = new List<DeadLetter>();
        JobId? before = null;
        do
        {
            var page = await store.ListAsync(new DeadLetterFilter(), before, IDeadLetterStore.MaxLimit, cancellationToken);
            foreach (var summary in page.Letters)
            {
                if (await store.ReadAsync(summary.Id, cancellationToken) is { } letter)
                    letters.Add(letter);
            }

            before = page.Next;
        }
        while (before is not null);
        return letters;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task RunWorkflowsAsync(IReadOnlyList<QueueDelivery> events, CancellationToken cancellationToken)
    {
        var again = await _services.GetRequiredService<LocalWorkflowRunner>().RunAsync(events, cancellationToken);
        for (var i = 0; i < events.Count; i++)
        {
            if (again[i] is { } until)
                await _queue.HideAsync(events[i], until - _clock.GetUtcNow(), CancellationToken.None);
            else
                await _queue.DeleteAsync(events[i], CancellationToken.None);
        }
    }

    private DateTimeOffset? NextDue() => JobLanes.All.Append(WorkflowEvents.Queue).Min(_queue.NextVisibleAt);

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        var wait = due - _clock.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return;
        if (_clock is VirtualTimeProvider time)
            time.Advance(wait);
        else
            await Task.Delay(wait, _clock, cancellationToken);
    }
}
