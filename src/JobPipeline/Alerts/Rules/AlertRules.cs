using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Rules;

/// <summary>The rules in force: those that the pipeline ships, with what configuration says instead.</summary>
public sealed class AlertRules
{
    internal const string Resource = "alert-rules.json";

    internal AlertRules(IOptions<AlertOptions> options)
        : this(Shipped, options.Value)
    {
    }

    internal AlertRules(IReadOnlyList<AlertRule> rules, AlertOptions options) =>
        All = [.. rules.Select(rule => With(rule, options.Rules.GetValueOrDefault(rule.Name) ?? new AlertRuleOptions(), options))];

    /// <summary>As the file has them.</summary>
    public static IReadOnlyList<AlertRule> Shipped => field ??= Load();

    /// <summary>All of them, disabled ones too, in the file's order.</summary>
    public IReadOnlyList<AlertRule> All { get; }

    /// <summary>Null: there is none of that name.</summary>
    public AlertRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>For people: that there is no such rule, and which was perhaps meant.</summary>
    public string WhyUnknown(string name) => $"There is no alert rule '{name}'{NearestName.Hint(name, All.Select(rule => rule.Name))}";

    private static AlertRule With(AlertRule rule, AlertRuleOptions changes, AlertOptions options) => rule with
    {
        IsEnabled = changes.Enabled ?? rule.IsEnabled,
        Threshold = changes.Threshold ?? rule.Threshold,
        Window = changes.Window ?? rule.Window,
        For = changes.For ?? rule.For,
        ResolveAfter = changes.ResolveAfter ?? options.ResolveAfter,
        Severity = changes.Severity ?? rule.Severity,
        Per = rule.Per is null ? null : rule.Per with { Minimum = changes.Minimum ?? rule.Per.Minimum },
    };

    private static IReadOnlyList<AlertRule> Load()
    {
        using var stream = typeof(AlertRules).Assembly.GetManifestResourceStream(Resource)!;
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        var rules = AlertRuleReader.Read(json, out var faults);
        return faults.Count == 0 ? rules : throw new InvalidOperationException($"{Resource}: {string.Join("; ", faults)}");
    }
}
