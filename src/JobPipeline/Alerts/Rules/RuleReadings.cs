using JobPipeline.Alerts.Evaluation;

namespace JobPipeline.Alerts.Rules;

/// <summary>What a rule's value is.</summary>
/// <param name="Key">The value of the rule's attribute; null where it has none.</param>
/// <param name="Value">Null: too little was measured to say.</param>
internal readonly record struct RuleReading(string? Key, double? Value);

/// <summary>Makes values of what was measured in a rule's window.</summary>
internal static class RuleReadings
{
    /// <param name="rule">The rule.</param>
    /// <param name="measured">Its metric, by the values of its attribute.</param>
    /// <param name="whole">Of a share: the metric that it is a share of.</param>
    /// <param name="hasWholeWindow">True: it was measured for a whole window, so that what is missing is missing indeed.</param>
    public static IReadOnlyList<RuleReading> Of(
        AlertRule rule, IReadOnlyDictionary<string, Measured> measured, IReadOnlyDictionary<string, Measured>? whole, bool hasWholeWindow)
    {
        if (rule.By is null)
            return [new RuleReading(null, ValueOf(rule, measured.GetValueOrDefault("", Measured.Nothing), whole?.GetValueOrDefault("", Measured.Nothing), hasWholeWindow))];
        var keys = whole is null ? measured.Keys : whole.Keys;
        return
        [
            .. keys.Order(StringComparer.Ordinal).Select(key => new RuleReading(
                key, ValueOf(rule, measured.GetValueOrDefault(key, Measured.Nothing), whole?.GetValueOrDefault(key, Measured.Nothing), hasWholeWindow))),
        ];
    }

    private static double? ValueOf(AlertRule rule, Measured measured, Measured? whole, bool hasWholeWindow)
    {
        if (rule.Per is { } per)
            return whole is { } all && all.Sum >= per.Minimum ? measured.Sum / all.Sum : null;
        if (rule.Operator == AlertOperator.Below && !hasWholeWindow)
            return null;
        var value = rule.Aggregate switch
        {
            AlertAggregate.Sum => measured.Sum,
            _ when measured.Count == 0 => (double?)null,
            AlertAggregate.Max => measured.Max,
            _ => measured.Sum / measured.Count,
        };
        return rule.Operator == AlertOperator.Below ? value ?? 0 : value;
    }
}
