using System.Diagnostics.Metrics;
using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Running;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>One process: the real services, on storage that it shares with others.</summary>
internal sealed class GateInstance : IAsyncDisposable
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private readonly GateWorld _world;
    private readonly ServiceProvider _services;
    private readonly SkewedClock _clock;
    private readonly DeliveryExecutor _executor;
    private readonly LocalGates _gates;
    private int _busy;

    public GateInstance(GateWorld world, string name, TimeSpan skew)
    {
        (_world, Name, _clock) = (world, name, new SkewedClock(world.Time, skew));
        var limits = world.Scenario.Mutation is { } mutation
            ? new MutatedLimitStore(world.Limits, mutation, world.Time)
            : world.Limits;
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(_clock).AddSingleton(new WorkerIdentity(name)).AddSingleton(this);
        services.AddSingleton<IExpressionEvaluator, PathEvaluator>();
        services.AddSingleton(world.Jobs).AddSingleton<IJobStore>(new FaultyJobStore(world.Jobs, this));
        services.AddSingleton<ILimitStore>(new FaultyLimitStore(limits, this));
        services.AddSingleton<IJobQueue>(new FaultyQueue(world.Queue, this)).AddSingleton<IJobQueueReceiver>(world.Queue);
        services.AddLocalWorkflows();
        services.AddSingleton(new HandlerThread(isInline: true));
        services.AddJobPipeline(world.Settings, (IEnumerable<Type>)[typeof(GatedJob)]);
        services.AddInMemoryStorage(world.Queue);
        services.AddSingleton<IMeterFactory, SilentMeters>();
        var provider = _services = services.BuildServiceProvider();
        _executor = provider.GetRequiredService<DeliveryExecutor>();
        _gates = provider.GetRequiredService<LocalGates>();
        Client = provider.GetRequiredService<JobClient>();
        Expediter = provider.GetRequiredService<JobExpediter>();
    }

    public string Name { get; }

    public JobClient Client { get; }

    public JobExpediter Expediter { get; }

    public bool IsDead { get; private set; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public void Start()
    {
        _ = ReceiveAsync();
        _ = KeepHouseAsync();
    }

    public void Kill()
    {
        (IsDead, _clock.IsStopped) = (true, true);
        _world.History.Died(Name);
    }

    /// <summary>An operation on storage: it takes up to 20 ms, may fail, and never ends once the process is dead.</summary>
    public async Task<T> OperateAsync<T>(Func<Task<T>> operation)
    {
        await PassAsync();
        var fault = _world.Random.NextDouble();
        if (fault < _world.Scenario.FaultRate / 2)
            throw new IOException("injected before");
        var result = await operation();
        await PassAsync();
        if (fault < _world.Scenario.FaultRate)
            throw new IOException("injected after");
        return result;
    }

    public async Task RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        _world.History.Started(context.JobId, Name);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_world.Random.Next(10, _world.Scenario.LongestRun)), _clock, cancellationToken);
            for (var call = 0; call < _world.Scenario.Calls; call++)
            {
                await context.Limits["a"].AcquireAsync(cancellationToken);
                _world.History.Called(context.JobId, Name);
            }

            if (context.Attempt == 1 && _world.Random.NextDouble() < _world.Scenario.FailureRate)
                throw new IOException("scripted");
        }
        finally
        {
            _world.History.Ended(context.JobId, Name);
        }
    }

    private async Task PassAsync()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(_world.Random.Next(1, 20)), _world.Time);
        if (IsDead)
            await new TaskCompletionSource().Task;
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            await PassAsync();
            if (_busy < _world.Scenario.Slots && await NextAsync() is { } delivery)
                _ = HandleAsync(delivery);
            else
                await Task.Delay(TimeSpan.FromMilliseconds(100), _world.Time);
        }
    }

    private async Task<QueueDelivery?> NextAsync()
    {
        foreach (var queue in PriorityQueues.Received)
        {
            if (await _world.Queue.ReceiveAsync(queue, 1, Visibility, default) is [var delivery])
                return delivery;
        }

        return null;
    }

    private async Task HandleAsync(QueueDelivery delivery)
    {
        _busy++;
        try
        {
            var result = await _executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
            if (result.PutBackUntil is { } until)
                await OperateAsync(() => _world.Queue.HideAsync(delivery, until - _clock.GetUtcNow(), default));
            else
                await OperateAsync(() => _world.Queue.DeleteAsync(delivery, default));
        }
        catch (IOException e)
        {
            // The message becomes visible again.
            _world.History.Note($"{Name}: {e.Message}");
        }

        _busy--;
    }

    private async Task KeepHouseAsync()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(20), _world.Time);
            await PassAsync();
            try
            {
                await _gates.RunDueAsync(_clock.GetUtcNow(), CancellationToken.None);
            }
            catch (IOException e)
            {
                _world.History.Note($"{Name}: {e.Message}");
            }
        }
    }
}

/// <summary>A handler that reports to the world.</summary>
[Job(Type, MaxAttempts = 5, BackoffBase = "00:00:02", Timeout = "00:02:00")]
internal sealed class GatedJob(GateInstance instance) : IJobHandler<GatedJob.Payload>
{
    public const string Type = "gated";

    public async Task<JobOutcome> HandleAsync(Payload payload, JobContext context, CancellationToken cancellationToken)
    {
        await instance.RunAsync(context, cancellationToken);
        return JobOutcome.Success();
    }

    internal sealed record Payload(int Number);
}
