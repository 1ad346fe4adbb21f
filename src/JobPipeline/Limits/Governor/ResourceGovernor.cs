using JobPipeline.Instances;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Limits how many messages this process handles at a time by its memory. The host asks before each start and reports each end; a timer
/// measures. While the level is open, asking costs an addition.
/// </summary>
internal sealed class ResourceGovernor
{
    private readonly IResourceProbe _probe;
    private readonly TimeProvider _time;
    private readonly GovernorOptions _options;
    private readonly ILogger<ResourceGovernor> _logger;
    private readonly Lock _lock = new();
    private volatile GovernorState _state;
    private TaskCompletionSource _changed = NewSignal();
    private bool _isUnmeasured;
    private int _running, _most, _capacity;

    public ResourceGovernor(
        IResourceProbe probe, TimeProvider time, IOptions<GovernorOptions> options, ILogger<ResourceGovernor> logger)
    {
        (_probe, _time, _options, _logger) = (probe, time, options.Value, logger);
        _state = new GovernorState { Since = time.GetUtcNow() };
    }

    public bool IsEnabled => _options.Enabled;

    /// <summary>The interval at which <see cref="Measure"/> is to be called.</summary>
    public TimeSpan Interval => _options.Interval;

    public GovernorState State => _state;

    /// <summary>Whether messages should not even be received: none of them could start.</summary>
    public bool IsIntakeClosed => _state.Allowed == 0;

    /// <summary>The number of messages being processed.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Collects garbage and returns the memory to the operating system.</summary>
    internal Action Collect { get; init; } =
        static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>
    /// The memory that jobs may declare together: the threshold's share of what the process does not need for itself. Null while it is
    /// unknown, or the governor is off.
    /// </summary>
    public long? DeclarableBytes => _options.Enabled && _state is { Sample: { } sample, BaselineBytes: { } baseline }
        ? Math.Max(0, (long)((sample.LimitBytes - _options.ReserveBytes - baseline) * _options.MemoryThreshold))
        : null;

    /// <summary>Sets the number of messages that the host processes at most. Without it, the most seen so far counts.</summary>
    public void LimitTo(int capacity) => _capacity = capacity;

    /// <summary>Takes a slot for one message. Returns false if none may start now; see <see cref="WaitForRoomAsync"/>.</summary>
    public bool TryStart()
    {
        if (_state.Level == GovernorLevel.Open)
        {
            Interlocked.Increment(ref _running);
            return true;
        }

        lock (_lock)
        {
            var state = _state;
            if (_running >= state.Allowed)
                return false;
            Interlocked.Increment(ref _running);
            if (state.IsTrial)
                _state = state with { IsTrial = false, IdleSince = null };
            return true;
        }
    }

    /// <summary>Returns the slot of a message.</summary>
    public void End()
    {
        Interlocked.Decrement(ref _running);
        if (_state.Level != GovernorLevel.Open)
            Signal();
    }

    /// <summary>Waits until a message may start, as far as is known: <see cref="TryStart"/> decides.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) =>
        WaitAsync(static governor => governor.Running < governor._state.Allowed, cancellationToken);

    /// <summary>Waits while <see cref="IsIntakeClosed"/>. Returns whether it was.</summary>
    public Task<bool> WaitForIntakeAsync(CancellationToken cancellationToken) =>
        WaitAsync(static governor => !governor.IsIntakeClosed, cancellationToken);

    /// <summary>Takes a sample and decides. Must not be called concurrently.</summary>
    public void Measure()
    {
        var sample = _probe.Sample();
        GovernorState before, after;
        lock (_lock)
        {
            _most = Math.Max(_most, Running);
            before = _state;
            var reading = new GovernorReading(sample, Running, _capacity > 0 ? _capacity : Math.Max(_most, 1), _time.GetUtcNow());
            after = _state = GovernorDecision.Next(before, reading, _options);
        }

        Log(before, after);
        if (after.Collects)
            Collect();
        if (after.Allowed > before.Allowed)
            Signal();
    }

    /// <summary>What the heartbeat of this instance says; null if the governor is off or memory can't be measured.</summary>
    public GovernorStatus? Describe()
    {
        var state = _state;
        return !_options.Enabled || state.Sample is not { } sample
            ? null
            : new GovernorStatus(
                state.Level,
                state.Since,
                state.Level != GovernorLevel.Open ? state.Allowed : _capacity > 0 ? _capacity : null,
                sample.MemoryBytes,
                sample.LimitBytes);
    }

    /// <summary>Why this instance starts no job now, for people; null when it does.</summary>
    public string? WhyClosed() => _state is { Level: GovernorLevel.Closed, Sample: { } sample }
        ? $"this instance starts no jobs: {Share(sample):0} % of its memory is used"
        : null;

    private double Share(ResourceSample sample) => sample.UsedShare(_options.ReserveBytes) * 100;

    private async Task<bool> WaitAsync(Func<ResourceGovernor, bool> isDone, CancellationToken cancellationToken)
    {
        var waited = false;
        while (true)
        {
            // Read before the check, so that a change in between is not missed.
            var changed = Volatile.Read(ref _changed).Task;
            if (isDone(this))
                return waited;
            waited = true;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Log(GovernorState before, GovernorState after)
    {
        if (after.Sample is not { } sample)
        {
            if (!_isUnmeasured)
                GovernorLog.NotMeasured(_logger);
            _isUnmeasured = true;
            return;
        }

        var used = sample.UsedShare(_options.ReserveBytes);
        if (after is { IsTrial: true, IdleSince: { } since } && !before.IsTrial)
            GovernorLog.Trial(_logger, used, _time.GetUtcNow() - since);
        if (after.Level == before.Level)
            return;
        switch (after.Level)
        {
            case GovernorLevel.Open: GovernorLog.Opened(_logger, used); break;
            case GovernorLevel.Easing: GovernorLog.Easing(_logger, used, after.Target); break;
            default: GovernorLog.Closed(_logger, used, Running); break;
        }
    }

    private void Signal() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
