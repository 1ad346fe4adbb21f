using JobPipeline.Alerts.Evaluation;

namespace JobPipeline.Alerts;

/// <summary>Everything that is on record of alerts.</summary>
/// <param name="Alerts">Those that fire, or of which something is to be told.</param>
/// <param name="Silences">The last one of each rule that had one; it may have passed.</param>
public sealed record AlertBoard(IReadOnlyList<Alert> Alerts, IReadOnlyList<AlertSilence> Silences);

/// <summary>Keeps alerts and silences, for all instances and across restarts.</summary>
public interface IAlertStore
{
    /// <summary>Everything, in one query of one partition.</summary>
    Task<AlertBoard> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds a row that has no version, or replaces the one of that version; returns the new version. Null: somebody else was
    /// faster, with a row of the same rule and attribute value.
    /// </summary>
    Task<string?> TryWriteAsync(Alert alert, CancellationToken cancellationToken);

    /// <summary>Removes the row where it still has the version that was read. False: it changed or is gone.</summary>
    Task<bool> TryRemoveAsync(Alert alert, CancellationToken cancellationToken);

    /// <summary>Writes or overwrites the silence of its rule.</summary>
    Task PutSilenceAsync(AlertSilence silence, CancellationToken cancellationToken);

    /// <summary>Nothing happens when the rule has none.</summary>
    Task RemoveSilenceAsync(string rule, CancellationToken cancellationToken);
}
