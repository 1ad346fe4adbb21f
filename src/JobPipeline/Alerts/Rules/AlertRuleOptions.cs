using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Alerts.Rules;

/// <summary>
/// The overrides of a rule: <c>JobPipeline:Alerts:Rules:{name}</c>. Null keeps the value of the rules file. Durations are written as
/// <c>hh:mm:ss</c>.
/// </summary>
public sealed class AlertRuleOptions
{
    /// <summary>Gets or sets whether the rule is evaluated.</summary>
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

    /// <summary>
    /// Gets or sets the minimum of the denominator within the window, for a rule with a ratio as its value; below it there is no
    /// value.
    /// </summary>
    [Range(1, 1e15)]
    public double? Minimum { get; set; }
}
