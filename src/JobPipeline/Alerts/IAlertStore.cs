using JobPipeline.Alerts.Evaluation;

namespace JobPipeline.Alerts;

/// <summary>The stored alerts and silences.</summary>
/// <param name="Alerts">The alerts that are firing, or whose notification is pending.</param>
/// <param name="Silences">The last silence of each rule; it may have ended.</param>
internal sealed record AlertBoard(IReadOnlyList<Alert> Alerts, IReadOnlyList<AlertSilence> Silences);

/// <summary>Stores alerts and silences, for all instances and across restarts.</summary>
internal interface IAlertStore
{
    /// <summary>Reads everything, in one query of one partition.</summary>
    Task<AlertBoard> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Inserts a row without a version, or replaces the row with that version, and returns the new version. Returns null if another
    /// instance wrote the row of this rule and attribute value first.
    /// </summary>
    Task<string?> TryWriteAsync(Alert alert, CancellationToken cancellationToken);

    /// <summary>Removes the row if it still has the version that was read. Returns false if it was changed or removed.</summary>
    Task<bool> TryRemoveAsync(Alert alert, CancellationToken cancellationToken);

    /// <summary>Inserts or overwrites the silence of its rule.</summary>
    Task PutSilenceAsync(AlertSilence silence, CancellationToken cancellationToken);

    /// <summary>Removes the silence of a rule; does nothing if it has none.</summary>
    Task RemoveSilenceAsync(string rule, CancellationToken cancellationToken);
}
