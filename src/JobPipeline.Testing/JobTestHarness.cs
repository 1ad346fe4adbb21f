using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing.Running;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Testing;

/// <summary>
/// Runs handlers through the real pipeline, on in-memory adapters and in virtual time: claims, retries, backoff, snoozes,
/// timeouts, checkpoints and dead letters are those of production, and hours of backoff take no time at all. Messages are
/// delivered one after the other, the highest lane first, so that a run is repeatable; the next one begins when the one
/// before it has ended or waits for the clock. Workflows run as well: register their definitions with
/// <c>services.AddWorkflow</c> and, where they hold expressions, an <see cref="JobPipeline.Workflows.Definitions.IExpressionEvaluator"/>
/// (<see cref="JobTestHarnessOptions.ConfigureServices"/>; <c>AddBuiltInJobs</c> of JobPipeline.BuiltIn registers JMESPath).
/// </summary>
/// <remarks>
/// A handler takes a <see cref="TimeProvider"/> from the container and waits on it: <c>Task.Delay(time, clock)</c>,
/// <c>new PeriodicTimer(period, clock)</c>, <c>new CancellationTokenSource(time, clock)</c>. <see cref="RunUntilIdleAsync"/>
/// moves the clock when everything waits for it, so two hours pass in no time. Real work (I/O, <c>Task.Run</c>) is waited for
/// in real time, and time stands still meanwhile. A handler that hangs ends the test with a <see cref="TimeoutException"/>
/// that names it (<see cref="JobTestHarnessOptions.HangTimeout"/>).
/// </remarks>
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
    private readonly ServiceProvider _services;
    private readonly TimeProvider _clock;
    private readonly InMemoryQueue _queue;
    private readonly Deliveries _deliveries;
    private readonly JobClient _client;
    private readonly JobTestHarnessOptions _options;

    /// <exception cref="OptionsValidationException">The configuration is not valid.</exception>
    /// <exception cref="InvalidOperationException">A handler is declared wrongly.</exception>
    public JobTestHarness(JobTestHarnessOptions options)
    {
        _clock = options.Time ?? new VirtualTimeProvider();
        _queue = new InMemoryQueue(_clock);
        _options = options;
        _services = new ServiceCollection().AddTestPipeline(options, _clock, _queue).BuildServiceProvider();
        _services.GetService<IStartupValidator>()?.Validate();
        _deliveries = new Deliveries(
            _queue, _services.GetRequiredService<DeliveryExecutor>(), _services.GetRequiredService<LocalWorkflowRunner>, _clock);
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

    /// <summary>Enqueues a job with the payload serialised as JSON, after checking that it fits the handler.</summary>
    /// <exception cref="MessageFormatException">
    /// The payload does not fit the handler; the message names everything that is wrong with it.
    /// </exception>
    /// <exception cref="UnknownJobTypeException">No handler is registered for the type.</exception>
    public async Task<JobId> EnqueueAsync<TPayload>(string type, TPayload payload, CancellationToken cancellationToken = default)
    {
        var request = JobRequest.For(type, payload);
        // The client itself throws for a type that nobody handles.
        if (_services.GetRequiredService<JobRegistry>().Find(type) is not null && _client.Validate(request) is { Count: > 0 } faults)
            throw new MessageFormatException($"A job of type '{type}' can't be enqueued: {string.Join("; ", faults)}");
        return (await _client.EnqueueAsync(request, cancellationToken)).Id;
    }

    /// <summary>
    /// Enqueues a job as a client does: its payload is judged when it is delivered, so one that does not fit becomes a dead letter.
    /// </summary>
    /// <inheritdoc cref="JobClient.EnqueueAsync" path="/exception"/>
    public async Task<JobId> EnqueueAsync(JobRequest request) => (await _client.EnqueueAsync(request)).Id;

    /// <summary>
    /// Delivers messages until none is left: every job has ended then. When nothing can run, it moves the clock to the next
    /// message or timer that is due. It moves it only when every running handler waits for a timer of its own on the clock
    /// and has been quiet for <see cref="JobTestHarnessOptions.Grace"/>; a handler that waits for anything else is waited
    /// for in real time, with the clock standing still. With a clock other than <see cref="VirtualTimeProvider"/> messages
    /// and handlers wait on that clock.
    /// </summary>
    /// <exception cref="InvalidOperationException">Jobs go on and on: see <see cref="JobTestHarnessOptions.MaxDeliveries"/>.</exception>
    /// <exception cref="TimeoutException">
    /// A handler hangs; the message names it. See <see cref="JobTestHarnessOptions.HangTimeout"/>.
    /// </exception>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        if (_clock is VirtualTimeProvider clock)
        {
            await new VirtualLoop(_deliveries, clock, _options).RunUntilIdleAsync(cancellationToken);
            return;
        }

        for (var begun = 0; _deliveries.NextDue([]) is { } due;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (due - _clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, _clock, cancellationToken);
            if (await RunNextAsync(cancellationToken) && ++begun >= _options.MaxDeliveries && _deliveries.NextDue([]) is not null)
                throw new InvalidOperationException($"Not idle after {begun} deliveries: a job snoozes or enqueues for ever.");
        }
    }

    /// <summary>Starts a workflow that is registered by its name, with the input serialised as JSON. Returns the instance's id.</summary>
    /// <exception cref="ArgumentException">There is no such workflow; register it with <c>services.AddWorkflow(definition)</c>.</exception>
    /// <exception cref="InvalidOperationException">
    /// A registered workflow is not valid, or holds expressions without an evaluator for them.
    /// </exception>
    public async Task<string> StartWorkflowAsync<TInput>(string name, TInput input, string? instance = null, CancellationToken cancellationToken = default)
    {
        var catalog = _services.GetRequiredService<WorkflowCatalog>();
        var definition = catalog.Find(name) ?? throw new ArgumentException(
            $"{catalog.WhyUnknown(name)}. Register it: {nameof(JobTestHarnessOptions)}.{nameof(JobTestHarnessOptions.ConfigureServices)} = "
                + "services => services.AddWorkflow(definition).", nameof(name));
        var id = instance ?? WorkflowIds.Create(_clock.GetUtcNow());
        await Workflows.StartAsync(definition, id, JsonSerializer.SerializeToUtf8Bytes(input, JobJson.Options), correlationId: null, cancellationToken);
        return id;
    }

    /// <summary>
    /// Delivers the next message that is due now, or the events of workflows that are, and waits until it has been worked on.
    /// The clock stands still meanwhile, unless the test moves <see cref="Time"/>. Returns false when nothing is due.
    /// </summary>
    /// <exception cref="TimeoutException">The handler hangs, or waits for the clock that nobody moves; the message names it.</exception>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken = default)
    {
        if (await _deliveries.StartNextAsync(isApart: false, cancellationToken) is not { } run)
            return false;
        // On another clock a handler may wait for long in earnest; its own limit ends it.
        if (_clock is VirtualTimeProvider clock)
            await WatchAsync(run, new HangWatch(clock, _options.HangTimeout));
        await _deliveries.FinishAsync(run);
        return true;
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

    private static async Task WatchAsync(DeliveryRun run, HangWatch hang)
    {
        while (!run.Work.IsCompleted)
        {
            await Task.WhenAny(run.Work, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
            hang.Check(
                [run],
                $" The clock stands still in {nameof(RunNextAsync)}: move it with {nameof(Time)}.Advance, or call "
                    + $"{nameof(RunUntilIdleAsync)}.");
        }
    }
}
