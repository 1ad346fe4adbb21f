using JobPipeline.Alerts.Evaluation;

namespace JobPipeline.Alerts.Rules;

/// <summary>A value of a rule.</summary>
/// <param name="Key">The value of the rule's attribute; null if it has none.</param>
/// <param name="Value">The value; null if too little was measured.</param>
internal readonly record struct RuleReading(string? Key, double? Value);

/// <summary>Computes the values of a rule from the measurements in its window.</summary>
internal static class RuleReadings
{
    /// <summary>Computes the values.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="measured">The measurements of its metric, by attribute value.</param>
    /// <param name="whole">For a ratio, the measurements of the denominator.</param>
    /// <param name="hasWholeWindow">Whether a whole window was measured, so that missing data is really missing.</param>
    public static IReadOnlyList<RuleReading> Of(
        AlertRule rule, IReadOnlyDictionary<string, Measured> measured, IReadOnlyDictionary<string, Measured>? whole, bool hasWholeWindow)
    {
        if (rule.By is null)
            return [new RuleReading(null, Value(""))];
        var keys = whole is null ? measured.Keys : whole.Keys;
        return
        [
            .. keys.Order(StringComparer.Ordinal).Select(key => new RuleReading(key, Value(key))),
        ];

        double? Value(string key) => ValueOf(
            rule, measured.GetValueOrDefault(key, Measured.Nothing), whole?.GetValueOrDefault(key, Measured.Nothing), hasWholeWindow);
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
