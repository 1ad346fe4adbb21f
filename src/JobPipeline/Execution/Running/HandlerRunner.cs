using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Execution.Claims;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Permits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Simmy;
using Polly.Timeout;

namespace JobPipeline.Execution.Running;

/// <summary>
/// Runs a handler under its claim: time limit (Polly), heartbeat, cancellation. A handler that ignores its token is
/// abandoned after <see cref="JobPipelineOptions.AbandonAfter"/>.
/// </summary>
internal sealed class HandlerRunner
{
    private static readonly ResiliencePropertyKey<TimeSpan> TimeoutKey = new("jobpipeline.timeout");

    private readonly IServiceScopeFactory _scopes;
    private readonly IJobStore _store;
    private readonly JobClient _client;
    private readonly HandlerThread _thread;
    private readonly TimeProvider _time;
    private readonly JobPipelineOptions _options;
    private readonly ILogger<HandlerRunner> _logger;
    private readonly HandlerLimits? _limits;
    private readonly ResiliencePipeline _pipeline;

    public HandlerRunner(
        IServiceScopeFactory scopes,
        IJobStore store,
        JobClient client,
        HandlerThread thread,
        TimeProvider time,
        IOptions<JobPipelineOptions> options,
        IOptions<ChaosOptions> chaos,
        ILogger<HandlerRunner> logger,
        HandlerLimits? limits = null)
    {
        _limits = limits;
        (_scopes, _store, _client, _thread, _time, _options, _logger) = (scopes, store, client, thread, time, options.Value, logger);
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = static arguments =>
                    ValueTask.FromResult(arguments.Context.Properties.GetValue(TimeoutKey, System.Threading.Timeout.InfiniteTimeSpan)),
            });
        if (chaos.Value is { Enabled: true, HandlerFaultRate: > 0 } faults)
            pipeline.AddChaosFault(faults.HandlerFaultRate, static () => new ChaosFaultException());
        _pipeline = pipeline.Build();
    }

    public async Task<HandlerResult> RunAsync(JobExecution job)
    {
        var claim = job.Claim!;
        var started = _time.GetTimestamp();
        using var heartbeat = new ClaimHeartbeat(claim, job.Spec.Type, _time, _options.Lease, _logger);
        await using var stopping = job.Stopping.UnsafeRegister(static state => ((JobClaim)state!).Interrupt(), claim);
        await using var scope = _scopes.CreateAsyncScope();
        // Without a limit, nothing has to know which job runs.
        var running = _limits is { Any: true } ? new RunningJob(job.Id, job.Spec) : null;
        using var context = new ClaimedJobContext(
            job,
            _store,
            _client,
            _time,
            _options.Lease,
            _logger,
            () => job.Descriptor!.Invoker.LoggerFrom(scope.ServiceProvider),
            running is null ? (IJobLimits?)_limits ?? OpenLimits.Instance : _limits!.Of(running));
        var resilience = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, claim.Interrupted);
        resilience.Properties.Set(TimeoutKey, job.TimeoutFrom(_time.GetUtcNow()));
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (resilience, run) => run.Runner.InvokeAsync(
                    run.Job, run.Running, run.Services, run.Context, resilience.CancellationToken),
                resilience,
                (Runner: this, Job: job, Running: running, Services: scope.ServiceProvider, Context: context));
            var interruption = outcome.Exception is { } error ? Interruption(error, job) : null;
            return new HandlerResult(outcome.Result, outcome.Exception, interruption, _time.GetElapsedTime(started));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(resilience);
        }
    }

    private async ValueTask<Outcome<JobOutcome?>> InvokeAsync(
        JobExecution job, RunningJob? running, IServiceProvider services, JobContext context, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            running?.Enter(cancellationToken);
            var handling = _thread.Start(job, () =>
                job.Descriptor!.Invoker.InvokeAsync(services, job.Payload!, context, cancellationToken));
            using var abandonment = new AbandonTimer(_time, _options.AbandonAfter);
            await using var registration = cancellationToken.UnsafeRegister(static state => ((AbandonTimer)state!).Start(), abandonment);
            if (await Task.WhenAny(handling, abandonment.Task) == handling)
                return Outcome.FromResult<JobOutcome?>(await handling);
            ExecutionLog.Abandoned(_logger, job.Id, job.Spec.Type);
            _ = handling.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new OperationCanceledException(
                $"The handler of '{job.Spec.Type}' did not stop within {_options.AbandonAfter} of its cancellation.", cancellationToken);
        }
        catch (Exception e)
        {
            return Outcome.FromException<JobOutcome?>(e);
        }
    }

    private static ErrorKind? Interruption(Exception error, JobExecution job) => error switch
    {
        _ when job.Claim!.IsLost => ErrorKind.LeaseLost,
        TimeoutRejectedException => ErrorKind.Timeout,
        OperationCanceledException when job.Claim.Row.CancelRequested => ErrorKind.Cancelled,
        OperationCanceledException when job.Stopping.IsCancellationRequested => ErrorKind.HostStopping,
        _ => null,
    };
}
