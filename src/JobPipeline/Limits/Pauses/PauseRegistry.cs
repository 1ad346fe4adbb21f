using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Pauses;

/// <summary>
/// The pauses that this instance knows. Pauses are stored, so they survive restarts; other instances see a change when they next
/// read them (<see cref="PauseOptions.RefreshInterval"/>). Pauses do not affect running jobs.
/// </summary>
internal sealed class PauseRegistry
{
    /// <summary>The time without a job to start after which the pauses are read less often, unless one is in force.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(1);

    /// <summary>The number of intervals between two reads while idle.</summary>
    private const int IntervalsWhileIdle = 15;

    private readonly IPauseStore _store;
    private readonly TimeProvider _time;
    private readonly PauseOptions _options;
    private readonly ILogger<PauseRegistry> _logger;
    private readonly Lock _lock = new();
    private PauseSet _current = new([]);
    private bool _isKnown, _isFailing;
    private long _asked, _accepted, _lastStart, _readAt;
    private Task _catchingUp = Task.CompletedTask;

    public PauseRegistry(IPauseStore store, TimeProvider time, IOptions<PauseOptions> options, ILogger<PauseRegistry> logger) =>
        (_store, _time, _options, _logger, _lastStart) = (store, time, options.Value, logger, time.GetTimestamp());

    /// <summary>All pauses that this instance knows; empty before the first read.</summary>
    public IReadOnlyList<Pause> All => _current.All;

    /// <summary>Completes when the pauses change.</summary>
    public Task Changed => _current.Replaced;

    private bool IsIdle => _current.All.Count == 0 && _time.GetElapsedTime(Volatile.Read(ref _lastStart)) >= IdleAfter;

    private TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _readAt));

    /// <summary>Finds the pause of a target; returns null when this instance knows of none.</summary>
    public Pause? Find(PauseTarget target, string name) => _current.Find(target, name);

    /// <summary>Gets a human-readable reason why jobs of this type in this queue are not started; null when neither is paused.</summary>
    public string? WhyPaused(string queueName, string type) =>
        (Find(PauseTarget.Queue, queueName) ?? Find(PauseTarget.JobType, type))?.ToString();

    /// <summary>Pauses a target. A target that is already paused keeps its time and gets the new reason.</summary>
    /// <param name="target">The kind of target.</param>
    /// <param name="name">The name of the queue or job type. The caller has checked that it exists.</param>
    /// <param name="by">Who requests the pause; recorded in the audit log.</param>
    /// <param name="reason">The reason, at most <see cref="Pause.MaxReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public async Task<Pause> PauseAsync(PauseTarget target, string name, string by, string? reason, CancellationToken cancellationToken)
    {
        if (reason is { Length: > Pause.MaxReasonLength })
            throw new ArgumentException($"The reason must have at most {Pause.MaxReasonLength} characters.", nameof(reason));
        await RefreshAsync(cancellationToken);
        var since = Find(target, name)?.Since ?? _time.GetUtcNow();
        var pause = new Pause(target, name, since, by, reason);
        await _store.PutAsync(pause, cancellationToken);
        PauseLog.Paused(_logger, by, target, name, pause.Reason ?? "no reason given");
        await RefreshAsync(cancellationToken);
        return pause;
    }

    /// <summary>Resumes a target; does nothing when it is not paused.</summary>
    /// <inheritdoc cref="PauseAsync" path="/param"/>
    public async Task ResumeAsync(PauseTarget target, string name, string by, CancellationToken cancellationToken)
    {
        await _store.RemoveAsync(target, name, cancellationToken);
        PauseLog.Resumed(_logger, by, target, name);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Reads the pauses. If that fails, throws, and the last known pauses stay in force.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var ticket = Interlocked.Increment(ref _asked);
        var readAt = _time.GetTimestamp();
        Accept(await _store.ListAsync(cancellationToken), ticket, readAt);
    }

    /// <summary>
    /// Reads the pauses. A failure is logged, once per series of failures, and the last known pauses stay in force. Throws only
    /// when cancelled.
    /// </summary>
    public async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
            _isFailing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
                PauseLog.RefreshFailed(_logger, e);
            _isFailing = true;
        }
    }

    /// <summary>
    /// Reads the pauses until stopped: at the configured interval, or at every fifteenth while idle, when only a start could need them and
    /// <see cref="AskAsync"/> reads them first.
    /// </summary>
    public async Task KeepFreshAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.RefreshInterval, _time, stopping);
                if (!IsIdle || Age >= _options.RefreshInterval * IntervalsWhileIdle)
                    await TryRefreshAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The last known pauses stay in force while the host drains.
            return;
        }
    }

    /// <summary>
    /// Gets why and until when a job must wait; null when it may start. The first call reads the pauses, and throws when the
    /// storage is unavailable, because a job that may be paused must not start. The first call after an idle time reads them too.
    /// </summary>
    internal async ValueTask<(string Why, DateTimeOffset Until)?> AskAsync(string queue, string type, CancellationToken cancellationToken)
    {
        if (!_isKnown)
            await RefreshAsync(cancellationToken);
        await CatchUpAsync();
        return WhyPaused(queue, type) is { } why ? (why, _time.GetUtcNow() + _options.RetryDelay) : null;
    }

    /// <summary>Ends an idle time: all starts wait for the one read, and a failure leaves the last known pauses in force.</summary>
    private Task CatchUpAsync()
    {
        lock (_lock)
        {
            if (IsIdle && Age > _options.RefreshInterval)
                _catchingUp = TryRefreshAsync(CancellationToken.None);
            Volatile.Write(ref _lastStart, _time.GetTimestamp());
            return _catchingUp;
        }
    }

    private void Accept(IReadOnlyList<Pause> pauses, long ticket, long readAt)
    {
        PauseSet before;
        lock (_lock)
        {
            // Responses may arrive out of order: an older one must not replace a newer one.
            if (ticket < _accepted)
                return;
            _accepted = ticket;
            Volatile.Write(ref _readAt, readAt);
            _isKnown = true;
            before = _current;
            if (before.IsSameAs(pauses))
                return;
            _current = new PauseSet(pauses);
        }

        PauseLog.InForce(_logger, pauses.Count == 0 ? "none" : string.Join("; ", pauses));
        before.Replace();
    }
}
