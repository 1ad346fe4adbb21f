using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Alerts.Rules;

/// <summary>What is different from a rule's file: <c>JobPipeline:Alerts:Rules:{name}</c>; what is null stays as it is there. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class AlertRuleOptions
{
    /// <summary>False: the rule is not evaluated.</summary>
    public bool? Enabled { get; set; }

    /// <inheritdoc cref="AlertRule.Threshold"/>
    [Range(-1e15, 1e15)]
    public double? Threshold { get; set; }

    /// <inheritdoc cref="AlertRule.Window"/>
    [Range(typeof(TimeSpan), "00:01:00", "06:00:00")]
    public TimeSpan? Window { get; set; }

    /// <inheritdoc cref="AlertRule.For"/>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? For { get; set; }

    /// <inheritdoc cref="AlertRule.ResolveAfter"/>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? ResolveAfter { get; set; }

    /// <inheritdoc cref="AlertRule.Severity"/>
    [Range(0, 4)]
    public int? Severity { get; set; }

    /// <summary>Of a rule whose value is a share: below that many in the window there is no value.</summary>
    [Range(1, 1e15)]
    public double? Minimum { get; set; }
}
