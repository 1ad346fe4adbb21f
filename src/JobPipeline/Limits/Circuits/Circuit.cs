using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace JobPipeline.Limits.Circuits;

/// <summary>
/// A circuit breaker of this instance (Polly), fed with how attempts end: a transient failure or a time limit counts
/// against the dependency; what is the job's own fault, a throttling or a stopping host does not.
/// </summary>
internal sealed class Circuit
{
    private readonly string _name;
    private readonly TimeSpan _break;
    private readonly TimeProvider _time;
    private readonly JobMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline<AttemptVerdict> _pipeline;
    private volatile CircuitStatus _status;

    public Circuit(string name, CircuitOptions options, TimeProvider time, JobMetrics metrics, ILogger logger)
    {
        (_name, _break, _time, _metrics, _logger) = (name, options.BreakDuration, time, metrics, logger);
        _status = new CircuitStatus(name, CircuitState.Closed);
        _pipeline = new ResiliencePipelineBuilder<AttemptVerdict> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<AttemptVerdict>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                StateProvider = _breaker,
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result) || (IsTrying && !IsAnswer(arguments.Outcome.Result))),
                OnOpened = arguments => Enter(CircuitState.Open, arguments.BreakDuration),
                OnHalfOpened = _ => Enter(CircuitState.HalfOpen, null),
                OnClosed = _ => Enter(CircuitState.Closed, null),
            })
            .Build();
    }

    public CircuitStatus Status => _status;

    /// <summary>
    /// Null: a job may start. Else until when this one has to wait: the half-open time and up to a quarter of the break
    /// more, so that the one that tries has answered before most of the others come.
    /// </summary>
    public (string Why, DateTimeOffset Until)? WhyHeld(JobExecution job, DateTimeOffset now) =>
        _status is { OpenUntil: { } until } && now < until ? (Why, Spread(job, until)) : null;

    /// <summary>Runs an attempt, unless the circuit is open or somebody else is trying it: then the attempt is given back.</summary>
    public async Task<AttemptVerdict> RunAsync(JobExecution job, Func<JobExecution, Task<AttemptVerdict>> run)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, CancellationToken.None);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (_, state) => Outcome.FromResult(await state.run(state.job)), context, (job, run));
            if (outcome.Exception is not BrokenCircuitException)
                return outcome.Result ?? throw outcome.Exception!;
            var now = _time.GetUtcNow();
            return new AttemptVerdict.Released(Spread(job, _status.OpenUntil is { } until && until > now ? until : now + (_break / 4)), DeferralReason.CircuitOpen, Why);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private string Why => RecordedWait.WhyOfCircuit(_name);

    private bool IsTrying => _breaker.CircuitState == Polly.CircuitBreaker.CircuitState.HalfOpen;

    /// <summary>The dependency was tried: an attempt that was snoozed, throttled or cut short shows nothing, and the circuit stays open.</summary>
    private static bool IsAnswer(AttemptVerdict? ending) => ending is AttemptVerdict.Completed or AttemptVerdict.DeadLettered;

    private static bool IsFailure(AttemptVerdict? ending) => ending switch
    {
        AttemptVerdict.Retried => true,
        AttemptVerdict.DeadLettered { Error.Kind: ErrorKind.Transient or ErrorKind.Timeout } => true,
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
        _status = new CircuitStatus(_name, state, now, now + breakDuration) { OpenSince = state == CircuitState.Closed ? null : _status.OpenSince ?? now };
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
