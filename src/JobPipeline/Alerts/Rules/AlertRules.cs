using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Rules;

/// <summary>The effective rules: those of the rules file, with the overrides of the configuration.</summary>
internal sealed class AlertRules
{
    internal const string Resource = "alert-rules.json";

    public AlertRules(IOptions<AlertOptions> options)
        : this(Shipped, options.Value)
    {
    }

    internal AlertRules(IReadOnlyList<AlertRule> rules, AlertOptions options) =>
        All = [.. rules.Select(rule => With(rule, options.Rules.GetValueOrDefault(rule.Name) ?? new AlertRuleOptions(), options))];

    /// <summary>The rules of the rules file, without overrides.</summary>
    public static IReadOnlyList<AlertRule> Shipped => field ??= Load();

    /// <summary>All rules, including disabled ones, in the order of the rules file.</summary>
    public IReadOnlyList<AlertRule> All { get; }

    /// <summary>Returns the rule; null if it does not exist.</summary>
    public AlertRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>Returns a message that the rule does not exist, with a suggestion.</summary>
    public string WhyUnknown(string name) => $"Alert rule '{name}' does not exist{NearestName.Hint(name, All.Select(rule => rule.Name))}";

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
        var rules = AlertRuleReader.Read(json, out var errors);
        return errors.Count == 0 ? rules : throw new InvalidOperationException($"{Resource}: {string.Join("; ", errors)}");
    }
}
