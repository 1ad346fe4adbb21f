using Microsoft.Extensions.Logging;

namespace JobPipeline.Alerts;

/// <summary>Silences alert rules.</summary>
internal sealed class AlertSilences
{
    private readonly IAlertStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<AlertSilences> _logger;

    public AlertSilences(IAlertStore store, TimeProvider time, ILogger<AlertSilences> logger) =>
        (_store, _time, _logger) = (store, time, logger);

    /// <summary>Silences the rule from now on. Replaces an existing silence.</summary>
    /// <param name="rule">The name of the rule; the caller has checked that it exists.</param>
    /// <param name="duration">The duration: more than zero and at most <see cref="AlertSilence.Longest"/>.</param>
    /// <param name="by">Who requested it, for the audit log.</param>
    /// <param name="reason">The reason: at most <see cref="AlertSilence.MaxReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The duration or the reason is out of range.</exception>
    public async Task<AlertSilence> SilenceAsync(
        string rule, TimeSpan duration, string by, string reason, CancellationToken cancellationToken)
    {
        if (duration <= TimeSpan.Zero || duration > AlertSilence.Longest)
            throw new ArgumentException($"A silence must last more than zero and at most {AlertSilence.Longest:c}.", nameof(duration));
        if (reason.Length > AlertSilence.MaxReasonLength)
            throw new ArgumentException($"The reason must have at most {AlertSilence.MaxReasonLength} characters.", nameof(reason));
        var now = _time.GetUtcNow();
        var silence = new AlertSilence(rule, now, now + duration, by, reason);
        await _store.PutSilenceAsync(silence, cancellationToken);
        AlertLog.Silenced(_logger, by, rule, silence.Until, reason);
        return silence;
    }

    /// <summary>Ends the silence; does nothing if there is none. A firing alert is notified at the next evaluation.</summary>
    public async Task UnsilenceAsync(string rule, string by, CancellationToken cancellationToken)
    {
        await _store.RemoveSilenceAsync(rule, cancellationToken);
        AlertLog.Unsilenced(_logger, by, rule);
    }
}
