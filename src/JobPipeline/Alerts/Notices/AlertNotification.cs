namespace JobPipeline.Alerts.Notices;

/// <summary>The kind of a notification.</summary>
public enum AlertNotificationKind
{
    /// <summary>An alert started firing.</summary>
    Firing,

    /// <summary>An alert resolved.</summary>
    Resolved,

    /// <summary>A test of the delivery; no alert changed.</summary>
    Test,
}

/// <summary>
/// A notification about an alert. It is complete in itself, so that all receivers get the same content, at every attempt.
/// </summary>
public sealed record AlertNotification
{
    /// <summary>The id: the same at every attempt, so that a receiver can discard duplicates.</summary>
    public required string Id { get; init; }

    public required AlertNotificationKind Kind { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The title, for people.</summary>
    public required string Title { get; init; }

    /// <summary>0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</summary>
    public required int Severity { get; init; }

    public required string Metric { get; init; }

    /// <summary>The attribute whose values have separate alerts; null if the rule has none.</summary>
    public string? Attribute { get; init; }

    /// <summary>The value of that attribute.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>The measured value when the notification was created; null if nothing was measured.</summary>
    public double? Value { get; init; }

    /// <summary>The operator as in the rules file: <c>&gt;</c>, <c>&gt;=</c> or <c>&lt;</c>.</summary>
    public required string Operator { get; init; }

    public required double Threshold { get; init; }

    /// <summary>The time window of the rule.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>When the alert started.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the notification was created.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instance that created it.</summary>
    public required string Instance { get; init; }

    /// <summary>The address of the runbook section.</summary>
    public required string Runbook { get; init; }
}
