using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Pauses;

/// <summary>
/// What is paused, as this instance knows it. Pauses are stored, so they survive restarts; other instances see a change
/// when they look next (<see cref="PauseOptions.RefreshInterval"/>). A job that is running is never touched by them.
/// </summary>
public sealed class PauseRegistry
{
    private readonly IPauseStore _store;
    private readonly TimeProvider _time;
    private readonly PauseOptions _options;
    private readonly ILogger<PauseRegistry> _logger;
    private readonly Lock _lock = new();
    private PauseSet _current = new([]);
    private bool _isKnown, _isFailing;
    private long _asked, _accepted;

    internal PauseRegistry(IPauseStore store, TimeProvider time, IOptions<PauseOptions> options, ILogger<PauseRegistry> logger) =>
        (_store, _time, _options, _logger) = (store, time, options.Value, logger);

    /// <summary>Everything that this instance knows to be paused; empty before it has looked.</summary>
    public IReadOnlyList<Pause> All => _current.All;

    /// <summary>Completes when something else is paused than now.</summary>
    public Task Changed => _current.Replaced;

    /// <summary>Null: not paused, as far as this instance knows.</summary>
    public Pause? Find(PauseTarget target, string name) => _current.Find(target, name);

    /// <summary>Why jobs of this type in this lane are not started, for people; null when no pause keeps them.</summary>
    public string? WhyPaused(string lane, string type) => (Find(PauseTarget.Lane, lane) ?? Find(PauseTarget.JobType, type))?.ToString();

    /// <summary>Pauses; a target that was paused before keeps the moment and gets the new reason.</summary>
    /// <param name="target">Whether a lane or a job type.</param>
    /// <param name="name">Its name; the caller has checked that it exists.</param>
    /// <param name="by">Who asks for it; goes into the audit log.</param>
    /// <param name="reason">Why; at most <see cref="Pause.MaxReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public async Task<Pause> PauseAsync(PauseTarget target, string name, string by, string? reason, CancellationToken cancellationToken)
    {
        if (reason is { Length: > Pause.MaxReasonLength })
            throw new ArgumentException($"A reason has at most {Pause.MaxReasonLength} characters.", nameof(reason));
        await RefreshAsync(cancellationToken);
        var since = Find(target, name)?.Since ?? _time.GetUtcNow();
        var pause = new Pause(target, name, since, by, reason);
        await _store.PutAsync(pause, cancellationToken);
        PauseLog.Paused(_logger, by, target, name, pause.Reason ?? "no reason given");
        await RefreshAsync(cancellationToken);
        return pause;
    }

    /// <summary>Lifts a pause; nothing happens when there is none.</summary>
    /// <inheritdoc cref="PauseAsync" path="/param"/>
    public async Task ResumeAsync(PauseTarget target, string name, string by, CancellationToken cancellationToken)
    {
        await _store.RemoveAsync(target, name, cancellationToken);
        PauseLog.Resumed(_logger, by, target, name);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Looks what is paused. When that fails, what was known before stays in force and the exception is the caller's.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var ticket = Interlocked.Increment(ref _asked);
        Accept(await _store.ListAsync(cancellationToken), ticket);
    }

    /// <summary>Looks what is paused. A failure is logged, once in a row, and what was known before stays in force. Throws only when cancelled.</summary>
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

    /// <summary>Looks again and again until told to stop.</summary>
    public async Task KeepFreshAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.RefreshInterval, _time, stopping);
                await TryRefreshAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is known stays known while the host drains.
            return;
        }
    }

    /// <summary>
    /// For an instance that asks before every start: null to go on, else why and until when to wait. The first question
    /// looks; it throws when the storage can't be reached, for nobody may start what may be paused.
    /// </summary>
    internal async ValueTask<(string Why, DateTimeOffset Until)?> AskAsync(string lane, string type, CancellationToken cancellationToken)
    {
        if (!_isKnown)
            await RefreshAsync(cancellationToken);
        return WhyPaused(lane, type) is { } why ? (why, _time.GetUtcNow() + _options.RetryDelay) : null;
    }

    private void Accept(IReadOnlyList<Pause> pauses, long ticket)
    {
        PauseSet before;
        lock (_lock)
        {
            // Answers may overtake each other: an older one must not replace a newer one.
            if (ticket < _accepted)
                return;
            _accepted = ticket;
            _isKnown = true;
            before = _current;
            if (before.IsSameAs(pauses))
                return;
            _current = new PauseSet(pauses);
        }

        PauseLog.InForce(_logger, pauses.Count == 0 ? "no pause" : string.Join("; ", pauses));
        before.Replace();
    }
}
