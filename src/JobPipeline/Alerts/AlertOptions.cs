using System.ComponentModel.DataAnnotations;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Alerts;

/// <summary>
/// The settings of the self-host's alert monitor: configuration section <c>JobPipeline:Alerts</c>. Durations are written as
/// <c>hh:mm:ss</c>.
/// </summary>
public sealed class AlertOptions
{
    public const string Section = "JobPipeline:Alerts";

    /// <summary>
    /// Gets or sets whether alert rules are evaluated by the self-host; disable it to evaluate them elsewhere, from the exported
    /// metrics. The default is true.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how often the rules are evaluated; each evaluation is one query. The default is 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets how long a condition must be false before its alert resolves, so that a fluctuating value yields one alert. The
    /// default is 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResolveAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets the address of the runbook, to which a rule's anchor is appended. The default is <c>docs/runbook.md</c>.
    /// </summary>
    [StringLength(500, MinimumLength = 1)]
    public string Runbook { get; set; } = "docs/runbook.md";

    /// <summary>Gets or sets the overrides of the rules file, by rule name.</summary>
    public Dictionary<string, AlertRuleOptions> Rules { get; set; } = new(StringComparer.Ordinal);
}
