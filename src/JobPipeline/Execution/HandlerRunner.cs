using JobPipeline.Failures;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace JobPipeline.Execution;

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
    private readonly ResiliencePipeline _pipeline;

    public HandlerRunner(IServiceScopeFactory scopes, IJobStore store, JobClient client, HandlerThread thread, TimeProvider time, IOptions<JobPipelineOptions> options, ILogger<HandlerRunner> logger)
    {
        (_scopes, _store, _client, _thread, _time, _options, _logger) = (scopes, store, client, thread, time, options.Value, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = static arguments => ValueTask.FromResult(arguments.Context.Properties.GetValue(TimeoutKey, System.Threading.Timeout.InfiniteTimeSpan)),
            })
            .Build();
    }

    public async Task<HandlerAnswer> RunAsync(JobExecution job)
    {
        var claim = job.Claim!;
        var started = _time.GetTimestamp();
        using var heartbeat = new ClaimHeartbeat(claim, _time, _options.Lease, _logger);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(job.Stopping, claim.Interrupted);
        using var context = new ClaimedJobContext(job, _store, _client, _time, _options.Lease, _logger);
        await using var scope = _scopes.CreateAsyncScope();
        using var logScope = _logger.BeginScope(new JobLogScope(job.Id, job.Spec.Type, claim.Row.Number, job.Spec.CorrelationId));
        var resilience = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation.Token);
        resilience.Properties.Set(TimeoutKey, job.TimeoutFrom(_time.GetUtcNow()));
        try
        {
            var outcome = await _pipeline.ExecuteAsync(
                static (resilience, run) => run.Runner.InvokeAsync(run.Job, run.Services, run.Context, resilience.CancellationToken),
                resilience,
                (Runner: this, Job: job, Services: scope.ServiceProvider, Context: context));
            return new HandlerAnswer(outcome, null, null, _time.GetElapsedTime(started));
        }
        catch (Exception e)
        {
            return new HandlerAnswer(null, e, Interruption(e, job), _time.GetElapsedTime(started));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(resilience);
        }
    }

    private ValueTask<JobOutcome?> InvokeAsync(JobExecution job, IServiceProvider services, JobContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var handling = _thread.Start(() => job.Descriptor!.Invoker.InvokeAsync(services, job.Payload!, context, cancellationToken));
        return handling.IsCompleted ? new ValueTask<JobOutcome?>(handling) : WaitOrAbandonAsync(job, handling, cancellationToken);
    }

    private async ValueTask<JobOutcome?> WaitOrAbandonAsync(JobExecution job, Task<JobOutcome?> handling, CancellationToken cancellationToken)
    {
        var abandoned = new TaskCompletionSource();
        await using var patience = new AbandonTimer(_time, _options.AbandonAfter, abandoned);
        await using var registration = cancellationToken.UnsafeRegister(static state => ((AbandonTimer)state!).Start(), patience);
        if (await Task.WhenAny(handling, abandoned.Task) == handling)
            return await handling;
        ExecutionLog.Abandoned(_logger, job.Id, job.Spec.Type);
        _ = handling.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw new OperationCanceledException($"The handler of '{job.Spec.Type}' did not stop within {_options.AbandonAfter} of being told to.", cancellationToken);
    }

    private static ErrorKind? Interruption(Exception error, JobExecution job) => error switch
    {
        _ when job.Claim!.IsLost => ErrorKind.LeaseLost,
        TimeoutRejectedException => ErrorKind.Timeout,
        OperationCanceledException when job.Claim.Interrupted.IsCancellationRequested => ErrorKind.Cancelled,
        OperationCanceledException when job.Stopping.IsCancellationRequested => ErrorKind.HostStopping,
        _ => null,
    };
}
