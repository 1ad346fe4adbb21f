using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Testing.Running;
using JobPipeline.Workflows;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Testing;

/// <summary>
/// Runs handlers through the real pipeline, on in-memory adapters and in virtual time. Claims, retries, backoff, snoozes,
/// timeouts, checkpoints and dead letters behave as in production, and hours of backoff take no real time. Messages are delivered
/// one at a time, highest priority first, so that a run is repeatable: the next delivery starts when the previous one has ended
/// or waits for the clock. Workflows run too: register their definitions with <c>services.AddWorkflow</c> and, if they contain
/// expressions, an <see cref="IExpressionEvaluator"/>
/// (<see cref="JobTestHarnessOptions.ConfigureServices"/>; <c>AddBuiltInJobs</c> of JobPipeline.BuiltIn registers JMESPath).
/// </summary>
/// <remarks>
/// A handler takes a <see cref="TimeProvider"/> from the container and waits on it: <c>Task.Delay(time, clock)</c>,
/// <c>new PeriodicTimer(period, clock)</c>, <c>new CancellationTokenSource(time, clock)</c>. <see cref="RunUntilIdleAsync"/>
/// advances the clock when every handler waits for it, so two hours pass in no real time. Real work (I/O, <c>Task.Run</c>) is
/// awaited in real time, without advancing the clock. A handler that hangs ends the test with a <see cref="TimeoutException"/>
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

    /// <summary>Creates a harness.</summary>
    /// <exception cref="OptionsValidationException">The configuration is not valid.</exception>
    /// <exception cref="InvalidOperationException">A handler is not declared correctly.</exception>
    public JobTestHarness(JobTestHarnessOptions options)
    {
        _clock = options.Time ?? new VirtualTimeProvider();
        _queue = new InMemoryQueue(_clock);
        _options = options;
        _services = new ServiceCollection().AddTestPipeline(options, _clock, _queue).BuildServiceProvider();
        _services.GetService<IStartupValidator>()?.Validate();
        _deliveries = new Deliveries(
            _queue, _services.GetRequiredService<DeliveryExecutor>(), _services.GetRequiredService<LocalWorkflowRunner>, _clock,
            _services.GetRequiredService<LocalGates>(), _services.GetRequiredService<ILimitStore>());
        _client = _services.GetRequiredService<JobClient>();
    }

    /// <summary>Creates a harness for one handler.</summary>
    /// <inheritdoc cref="JobTestHarness(JobTestHarnessOptions)" path="/exception"/>
    public static JobTestHarness For<THandler>(Action<IServiceCollection>? configureServices = null)
        where THandler : class =>
        new(new JobTestHarnessOptions { Handlers = [typeof(THandler)], ConfigureServices = configureServices });

    /// <summary>The workflow client, to raise events and to cancel and read workflow instances.</summary>
    public WorkflowClient Workflows => _services.GetRequiredService<WorkflowClient>();

    internal IWorkflowRuntime WorkflowRuntime => _services.GetRequiredService<IWorkflowRuntime>();

    /// <summary>The services of the pipeline, for anything that the harness does not offer itself.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The clock, for tests that advance it themselves, for example during a delay or past an expiry.</summary>
    /// <exception cref="InvalidOperationException">The harness was given another clock.</exception>
    public VirtualTimeProvider Time => _clock as VirtualTimeProvider
        ?? throw new InvalidOperationException($"The harness runs on a {_clock.GetType().Name}, which it can't advance.");

    /// <summary>Enqueues a job with the payload serialized as JSON, after validating the payload against the handler.</summary>
    /// <exception cref="MessageFormatException">
    /// The payload is not valid for the handler; the message lists every validation error.
    /// </exception>
    /// <exception cref="UnknownJobTypeException">No handler is registered for the type.</exception>
    public async Task<JobId> EnqueueAsync<TPayload>(string type, TPayload payload, CancellationToken cancellationToken = default)
    {
        var request = JobRequest.For(type, payload);
        // For an unknown job type, the client throws.
        if (_services.GetRequiredService<JobRegistry>().Find(type) is not null && _client.Validate(request) is { Count: > 0 } errors)
            throw new MessageFormatException($"A job of type '{type}' can't be enqueued: {string.Join("; ", errors)}");
        return (await _client.EnqueueAsync(request, cancellationToken)).Id;
    }

    /// <summary>
    /// Enqueues a job as a client does: the payload is validated when the message is delivered, so an invalid one becomes a dead
    /// letter.
    /// </summary>
    /// <inheritdoc cref="JobClient.EnqueueAsync" path="/exception"/>
    public async Task<JobId> EnqueueAsync(JobRequest request) => (await _client.EnqueueAsync(request)).Id;

    /// <summary>
    /// Delivers messages until none are left, when every job has ended. When nothing can run, it advances the clock to the next
    /// message or timer that is due. It does so only when every running handler waits for a timer that it set on the clock and
    /// has been quiet for <see cref="JobTestHarnessOptions.Grace"/>; a handler that waits for anything else is awaited in real
    /// time, without advancing the clock. With a clock other than <see cref="VirtualTimeProvider"/>, messages and handlers wait
    /// on that clock.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The jobs never end: see <see cref="JobTestHarnessOptions.MaxDeliveries"/>.
    /// </exception>
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
                throw new InvalidOperationException($"Not idle after {begun} deliveries: a job keeps snoozing or enqueuing.");
        }
    }

    /// <summary>
    /// Starts a registered workflow by name, with the input serialized as JSON. Returns the id of the workflow instance.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The workflow is unknown; register it with <c>services.AddWorkflow(definition)</c>.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A registered workflow is not valid, or contains expressions although no evaluator is registered.
    /// </exception>
    public Task<string> StartWorkflowAsync<TInput>(
        string name, TInput input, string? instance = null, CancellationToken cancellationToken = default) =>
        Workflows.StartAsync(name, input, instance, cancellationToken);

    /// <summary>
    /// Delivers the next message that is due, or the workflow events that are due, and waits until it has been processed. The
    /// clock does not advance, unless the test moves <see cref="Time"/>. Returns false when nothing is due.
    /// </summary>
    /// <exception cref="TimeoutException">
    /// The handler hangs, or waits for the clock, which nothing advances; the message names the handler.
    /// </exception>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken = default)
    {
        if (await _deliveries.StartNextAsync(isApart: false, cancellationToken) is not { } run)
            return false;
        // On another clock, a handler may really wait for a long time; its own time limit ends it.
        if (_clock is VirtualTimeProvider clock)
            await WatchAsync(run, new HangWatch(clock, _options.HangTimeout));
        await _deliveries.FinishAsync(run);
        return true;
    }

    /// <inheritdoc cref="JobClient.GetAsync"/>
    public Task<JobSnapshot> GetAsync(JobId id, CancellationToken cancellationToken = default) => _client.GetAsync(id, cancellationToken);

    /// <summary>Gets the state of a job; null for an unknown job.</summary>
    public async Task<JobState?> GetStateAsync(JobId id, CancellationToken cancellationToken = default) =>
        (await GetAsync(id, cancellationToken)).Record?.Status.State;

    /// <summary>Gets the result of a job; default if the job has no result yet.</summary>
    public async Task<TResult?> GetResultAsync<TResult>(JobId id, CancellationToken cancellationToken = default)
    {
        if ((await GetAsync(id, cancellationToken)).Record?.Status is not { } status)
            return default;
        var json = status.ResultInBlob
            ? await _services.GetRequiredService<IPayloadStore>().ReadAsync(PayloadName.Result(id), cancellationToken) ?? default
            : status.Result;
        return json.IsEmpty ? default : JsonSerializer.Deserialize<TResult>(json.Span, JobJson.Options);
    }

    /// <summary>Gets all dead letters, newest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> GetDeadLettersAsync(CancellationToken cancellationToken = default)
    {
        var store = _services.GetRequiredService<IDeadLetterStore>();
        var deadLetters = new List<DeadLetter>();
        JobId? before = null;
        do
        {
            var page = await store.ListAsync(new DeadLetterFilter(), before, IDeadLetterStore.MaxLimit, cancellationToken);
            foreach (var summary in page.DeadLetters)
            {
                if (await store.ReadAsync(summary.Id, cancellationToken) is { } deadLetter)
                    deadLetters.Add(deadLetter);
            }

            before = page.Next;
        }
        while (before is not null);
        return deadLetters;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task WatchAsync(DeliveryRun run, HangWatch hang)
    {
        while (!run.Work.IsCompleted)
        {
            await Task.WhenAny(run.Work, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
            hang.Check(
                [run],
                $" {nameof(RunNextAsync)} does not advance the clock: advance it with {nameof(Time)}.Advance, or call "
                    + $"{nameof(RunUntilIdleAsync)}.");
        }
    }
}
