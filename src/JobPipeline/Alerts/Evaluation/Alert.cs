using JobPipeline.Alerts.Notices;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// An alert that fires, or of which there is still something to be told: what all instances know of it. One that does
/// neither has no row.
/// </summary>
public sealed record Alert
{
    /// <summary>Most instances that are named: more would not fit a row, and one is enough to keep an alert.</summary>
    public const int MaxWitnesses = 100;

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>The value of the rule's attribute; null: the rule has none.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>When it began; null: it is over.</summary>
    public DateTimeOffset? FiringSince { get; init; }

    /// <summary>The instances that say so.</summary>
    public IReadOnlyList<string> Witnesses { get; init; } = [];

    /// <summary>Since when none of the instances that said so is alive; null: one is.</summary>
    public DateTimeOffset? OrphanedSince { get; init; }

    /// <summary>The beginning of the alert that receivers were told of and take to be firing; null: they take it to be over.</summary>
    public DateTimeOffset? AnnouncedSince { get; init; }

    /// <summary>What was measured when it began.</summary>
    public double? Value { get; init; }

    /// <summary>A notice that was made and is to be sent; whoever finds it sends it, and again where it is not known whether that was done.</summary>
    public AlertNotice? Unsent { get; init; }

    /// <summary>The stored row's version; null before it was stored.</summary>
    public string? Version { get; init; }

    /// <summary>True: the row can go.</summary>
    public bool IsOver => FiringSince is null && AnnouncedSince is null && Unsent is null;

    internal bool IsSameAs(Alert other) =>
        this with { Witnesses = other.Witnesses } == other && Witnesses.SequenceEqual(other.Witnesses, StringComparer.Ordinal);
}
