using JobPipeline.Alerts.Notices;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>An alert that is firing, or whose notification is pending; shared by all instances. Other alerts have no row.</summary>
internal sealed record Alert
{
    /// <summary>The maximum number of instances listed: more would not fit a row, and one is enough to keep an alert firing.</summary>
    public const int MaxWitnesses = 100;

    /// <summary>The name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The value of the rule's attribute; null if the rule has none.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>Since when it has been firing; null if it is not.</summary>
    public DateTimeOffset? FiringSince { get; init; }

    /// <summary>The instances on which its condition holds.</summary>
    public IReadOnlyList<string> Witnesses { get; init; } = [];

    /// <summary>Since when none of those instances has been alive; null if one is.</summary>
    public DateTimeOffset? OrphanedSince { get; init; }

    /// <summary>
    /// The start of the firing alert about which receivers were last notified; null if they were never notified, or notified that it
    /// resolved.
    /// </summary>
    public DateTimeOffset? AnnouncedSince { get; init; }

    /// <summary>The measured value when it started.</summary>
    public double? Value { get; init; }

    /// <summary>
    /// A notification that has to be sent. Any instance that reads it sends it, and sends it again if it is not known to be sent.
    /// </summary>
    public AlertNotification? Unsent { get; init; }

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>Whether the row can be removed.</summary>
    public bool IsOver => FiringSince is null && AnnouncedSince is null && Unsent is null;

    internal bool IsSameAs(Alert other) =>
        this with { Witnesses = other.Witnesses } == other && Witnesses.SequenceEqual(other.Witnesses, StringComparer.Ordinal);
}
