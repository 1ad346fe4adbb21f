using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
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
    private readonly ResiliencePipeline<PermitOutcome> _judge;
    private readonly Lock _lock = new();
    private volatile CircuitStatus _status;
    private bool _isTrying;

    public Circuit(string name, CircuitOptions options, TimeProvider time, JobMetrics metrics, ILogger logger)
    {
        (_name, _break, _time, _metrics, _logger) = (name, options.BreakDuration, time, metrics, logger);
        _status = new CircuitStatus(name, CircuitState.Closed);
        _judge = new ResiliencePipelineBuilder<PermitOutcome> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<PermitOutcome>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                StateProvider = _breaker,
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result)),
                OnOpened = arguments => EnterAsync(CircuitState.Open, arguments.BreakDuration),
                OnClosed = _ => EnterAsync(CircuitState.Closed, null),
            })
            .Build();
    }

    public CircuitStatus Status => _status;

    /// <summary>The reason on the record of a job that an open circuit holds.</summary>
    public static string WhyOpen(string circuit) => $"the circuit '{circuit}' is open: too many attempts failed";

    /// <summary>
    /// A job that has to wait comes back after the break and up to a quarter of it more, so that the trial call has ended before most
    /// of the others come.
    /// </summary>
    public GateDecision Ask(StartRequest request)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (_status.State == CircuitState.Closed)
                return new GateDecision.Open(new Permit(this, isTrial: false));
            if (_status.OpenUntil is { } until && now < until)
                return Held(request, until);
            if (_isTrying)
                return Held(request, now + (_break / 4));
            _isTrying = true;
            if (_status.State != CircuitState.HalfOpen)
                Enter(CircuitState.HalfOpen, null);
            return new GateDecision.Open(new Permit(this, isTrial: true));
        }
    }

    private GateDecision.Closed Held(StartRequest request, DateTimeOffset from) =>
        new(from + (_break / 4 * Jitter.Of(request.Job, 0)), DeferralReason.CircuitOpen, WhyOpen(_name), OnRecord: true);

    private async ValueTask CompleteAsync(PermitOutcome outcome, bool isTrial)
    {
        // An attempt that began before the circuit opened decides nothing any more: the trial call does.
        if (!isTrial && _status.State != CircuitState.Closed)
            return;
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, CancellationToken.None);
        try
        {
            await _judge.ExecuteOutcomeAsync(static (_, outcome) => ValueTask.FromResult(Outcome.FromResult(outcome)), context, outcome);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            if (isTrial)
                EndTrial();
        }
    }

    private void EndTrial()
    {
        lock (_lock)
            _isTrying = false;
    }

    /// <summary>A trial call that showed nothing leaves the circuit open.</summary>
    private bool IsFailure(PermitOutcome outcome) => outcome == PermitOutcome.TransientFailure
        || (outcome == PermitOutcome.Inconclusive && _breaker.CircuitState == Polly.CircuitBreaker.CircuitState.HalfOpen);

    private ValueTask EnterAsync(CircuitState state, TimeSpan? breakDuration)
    {
        lock (_lock)
            Enter(state, breakDuration);
        return ValueTask.CompletedTask;
    }

    private void Enter(CircuitState state, TimeSpan? breakDuration)
    {
        var now = _time.GetUtcNow();
        _status = new CircuitStatus(_name, state, now, now + breakDuration)
        {
            OpenSince = state == CircuitState.Closed ? null : _status.OpenSince ?? now,
        };
        _metrics.CircuitChanged(_name, state.ToString());
        switch (state)
        {
            case CircuitState.Open: CircuitLog.Opened(_logger, _name, _status.OpenUntil!.Value); break;
            case CircuitState.HalfOpen: CircuitLog.HalfOpened(_logger, _name); break;
            default: CircuitLog.Closed(_logger, _name); break;
        }
    }

    private sealed class Permit(Circuit circuit, bool isTrial) : IStartPermit
    {
        public ValueTask CompleteAsync(PermitOutcome outcome) => circuit.CompleteAsync(outcome, isTrial);

        public ValueTask ReturnAsync()
        {
            if (isTrial)
                circuit.EndTrial();
            return ValueTask.CompletedTask;
        }
    }
}
