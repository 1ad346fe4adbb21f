using Microsoft.Extensions.Logging;

namespace JobPipeline.Alerts;

/// <summary>Silences rules, and ends silences.</summary>
public sealed class AlertSilences
{
    private readonly IAlertStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<AlertSilences> _logger;

    internal AlertSilences(IAlertStore store, TimeProvider time, ILogger<AlertSilences> logger) => (_store, _time, _logger) = (store, time, logger);

    /// <summary>No notices of the rule from now on for so long; a silence that it has is replaced.</summary>
    /// <param name="rule">The rule's name; the caller has checked that it exists.</param>
    /// <param name="duration">More than zero and at most <see cref="AlertSilence.Longest"/>.</param>
    /// <param name="by">Who asks for it; goes into the audit log.</param>
    /// <param name="reason">Why; at most <see cref="AlertSilence.MaxReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The duration or the reason is out of bounds.</exception>
    public async Task<AlertSilence> SilenceAsync(string rule, TimeSpan duration, string by, string reason, CancellationToken cancellationToken)
    {
        if (duration <= TimeSpan.Zero || duration > AlertSilence.Longest)
            throw new ArgumentException($"A silence lasts at most {AlertSilence.Longest:c}, and more than no time.", nameof(duration));
        if (reason.Length > AlertSilence.MaxReasonLength)
            throw new ArgumentException($"A reason has at most {AlertSilence.MaxReasonLength} characters.", nameof(reason));
        var now = _time.GetUtcNow();
        var silence = new AlertSilence(rule, now, now + duration, by, reason);
        await _store.PutSilenceAsync(silence, cancellationToken);
        AlertLog.Silenced(_logger, by, rule, silence.Until, reason);
        return silence;
    }

    /// <summary>Ends the silence; nothing happens when there is none. What fires is told at the next evaluation.</summary>
    public async Task UnsilenceAsync(string rule, string by, CancellationToken cancellationToken)
    {
        await _store.RemoveSilenceAsync(rule, cancellationToken);
        AlertLog.Unsilenced(_logger, by, rule);
    }
}
