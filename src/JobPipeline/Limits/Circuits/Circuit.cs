using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using CircuitState = JobPipeline.Instances.CircuitState;

namespace JobPipeline.Limits.Circuits;

/// <summary>
/// A circuit breaker of this instance (Polly), driven by the verdicts of attempts. A transient failure or a timeout counts
/// against the dependency; a permanent failure of the job, throttling or a stopping host does not.
/// </summary>
internal sealed class Circuit
{
    private readonly string _name;
    private readonly TimeSpan _break;
    private readonly TimeProvider _time;
    private readonly JobMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline<JobEnding> _pipeline;
    private volatile CircuitStatus _status;

    public Circuit(string name, CircuitOptions options, TimeProvider time, JobMetrics metrics, ILogger logger)
    {
        (_name, _break, _time, _metrics, _logger) = (name, options.BreakDuration, time, metrics, logger);
        _status = new CircuitStatus(name, CircuitState.Closed);
        _pipeline = new ResiliencePipelineBuilder<JobEnding> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<JobEnding>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                StateProvider = _breaker,
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsFailure(arguments.Outcome.Result) || (IsHalfOpen && !IsConclusive(arguments.Outcome.Result))),
                OnOpened = arguments => Enter(CircuitState.Open, arguments.BreakDuration),
                OnHalfOpened = _ => Enter(CircuitState.HalfOpen, null),
                OnClosed = _ => Enter(CircuitState.Closed, null),
            })
            .Build();
    }

    public CircuitStatus Status => _status;

    /// <summary>
    /// Gets why and until when a job must wait; null when it may start. The wait lasts until the circuit becomes half-open, plus
    /// up to a quarter of the break duration, so that the trial call has ended before most of the other jobs come back.
    /// </summary>
    public (string Why, DateTimeOffset Until)? WhyHeld(JobExecution job, DateTimeOffset now) =>
        _status is { OpenUntil: { } until } && now < until ? (Why, Spread(job, until)) : null;

    /// <summary>Runs an attempt. If the circuit is open or another attempt is the trial call, releases the attempt instead.</summary>
    public async Task<JobEnding> RunAsync(JobExecution job, Func<JobExecution, Task<JobEnding>> run)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, CancellationToken.None);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (_, state) => Outcome.FromResult(await state.run(state.job)), context, (job, run));
            if (outcome.Exception is not BrokenCircuitException)
                return outcome.Result ?? throw outcome.Exception!;
            var now = _time.GetUtcNow();
            var until = _status.OpenUntil is { } openUntil && openUntil > now ? openUntil : now + (_break / 4);
            return new JobEnding.Released(Spread(job, until), DeferralReason.CircuitOpen, Why);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private string Why => RecordedWait.WhyOfCircuit(_name);

    private bool IsHalfOpen => _breaker.CircuitState == Polly.CircuitBreaker.CircuitState.HalfOpen;

    /// <summary>
    /// Whether the trial call reached the dependency. A snoozed, throttled or interrupted attempt proves nothing, and the circuit
    /// stays open.
    /// </summary>
    private static bool IsConclusive(JobEnding? ending) => ending is JobEnding.Completed or JobEnding.Buried;

    private static bool IsFailure(JobEnding? ending) => ending switch
    {
        JobEnding.Retried => true,
        JobEnding.Buried { Error.Kind: ErrorKind.Transient or ErrorKind.Timeout } => true,
        _ => false,
    };

    private DateTimeOffset Spread(JobExecution job, DateTimeOffset from)
    {
        var until = from + (_break / 4 * Jitter.Of(job.Id, 0));
        return until < job.Spec.Deadline ? until : job.Spec.Deadline;
    }

    private ValueTask Enter(CircuitState state, TimeSpan? breakDuration)
    {
        var now = _time.GetUtcNow();
        _status = new CircuitStatus(_name, state, now, now + breakDuration)
        {
            OpenSince = state == CircuitState.Closed ? null : _status.OpenSince ?? now,
        };
        _metrics.CircuitChanged(_name, state);
        switch (state)
        {
            case CircuitState.Open: CircuitLog.Opened(_logger, _name, _status.OpenUntil!.Value); break;
            case CircuitState.HalfOpen: CircuitLog.HalfOpened(_logger, _name); break;
            default: CircuitLog.Closed(_logger, _name); break;
        }

        return ValueTask.CompletedTask;
    }
}
