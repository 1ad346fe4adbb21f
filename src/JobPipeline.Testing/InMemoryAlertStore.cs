using System.Globalization;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of alerts and silences.</summary>
internal sealed class InMemoryAlertStore : IAlertStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Rule, string? AttributeValue), Alert> _alerts = [];
    private readonly Dictionary<string, AlertSilence> _silences = new(StringComparer.Ordinal);
    private long _version;

    public Task<AlertBoard> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new AlertBoard([.. _alerts.Values], [.. _silences.Values]));
        }
    }

    public Task<string?> TryWriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_alerts.GetValueOrDefault(KeyOf(alert))?.Version != alert.Version)
                return Task.FromResult<string?>(null);
            var version = (++_version).ToString(CultureInfo.InvariantCulture);
            _alerts[KeyOf(alert)] = alert with { Version = version };
            return Task.FromResult<string?>(version);
        }
    }

    public Task<bool> TryRemoveAsync(Alert alert, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isCurrent = _alerts.TryGetValue(KeyOf(alert), out var stored) && stored.Version == alert.Version;
            return Task.FromResult(isCurrent && _alerts.Remove(KeyOf(alert)));
        }
    }

    public Task PutSilenceAsync(AlertSilence silence, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _silences[silence.Rule] = silence;
            return Task.CompletedTask;
        }
    }

    public Task RemoveSilenceAsync(string rule, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _silences.Remove(rule);
            return Task.CompletedTask;
        }
    }

    private static (string, string?) KeyOf(Alert alert) => (alert.Rule, alert.AttributeValue);
}
