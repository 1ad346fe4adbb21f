using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Monitoring.Alerts;

/// <summary>Settings of the self-host's own monitor: configuration section <c>JobPipeline:Alerts</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class AlertOptions
{
    public const string Section = "JobPipeline:Alerts";

    /// <summary>False: nothing is evaluated here; somebody else does it, from the exported metrics. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often the rules are evaluated: one query each. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a condition must not have held before its alert is over, so that a value that flutters makes one alert. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResolveAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the runbook is; a rule's anchor is put behind it. Default <c>docs/runbook.md</c>.</summary>
    [StringLength(500, MinimumLength = 1)]
    public string Runbook { get; set; } = "docs/runbook.md";

    /// <summary>What is different from the rules' file, by the rule's name.</summary>
    public Dictionary<string, AlertRuleOptions> Rules { get; set; } = new(StringComparer.Ordinal);
}
