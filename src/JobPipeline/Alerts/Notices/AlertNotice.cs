using JobPipeline.Instances;

namespace JobPipeline.Alerts.Notices;

/// <summary>What a notice tells.</summary>
public enum AlertNoticeKind
{
    /// <summary>An alert began.</summary>
    Firing,

    /// <summary>It is over.</summary>
    Resolved,

    /// <summary>Nothing happened: somebody tries whether notices arrive.</summary>
    Test,
}

/// <summary>What receivers are told of an alert: complete in itself, so that all of them, at every attempt, are told the same.</summary>
public sealed record AlertNotice
{
    /// <summary>The same at every attempt; a receiver may drop a second one.</summary>
    public required string Id { get; init; }

    public required AlertNoticeKind Kind { get; init; }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>What people read.</summary>
    public required string Title { get; init; }

    /// <summary>0 critical, 1 error, 2 warning, 3 informational, 4 verbose.</summary>
    public required int Severity { get; init; }

    public required string Metric { get; init; }

    /// <summary>The attribute of which each value is an alert of its own; null: the rule has none.</summary>
    public string? Attribute { get; init; }

    /// <summary>The value of that attribute.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>What was measured when the notice was made; null: nothing was.</summary>
    public double? Value { get; init; }

    /// <summary>As the rules' file writes it: <c>&gt;</c>, <c>&gt;=</c> or <c>&lt;</c>.</summary>
    public required string Operator { get; init; }

    public required double Threshold { get; init; }

    /// <summary>How far back is looked.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>When the alert began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the notice was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instance that made it.</summary>
    public required string Instance { get; init; }

    /// <summary>Where to read what to do.</summary>
    public required string Runbook { get; init; }
}
