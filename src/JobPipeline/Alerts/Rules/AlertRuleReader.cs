using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Alerts.Rules;

/// <summary>Reads the rules file, as strictly as its schema.</summary>
internal static class AlertRuleReader
{
    private static readonly Dictionary<string, AlertAggregate> Aggregates = new(StringComparer.Ordinal)
    {
        ["sum"] = AlertAggregate.Sum,
        ["max"] = AlertAggregate.Max,
        ["avg"] = AlertAggregate.Avg,
    };

    private static readonly Dictionary<string, AlertOperator> Operators = new(StringComparer.Ordinal)
    {
        [">"] = AlertOperator.Above,
        [">="] = AlertOperator.AtLeast,
        ["<"] = AlertOperator.Below,
    };

    private static readonly Dictionary<string, TimeSpan> Windows = new(StringComparer.Ordinal)
    {
        ["PT5M"] = TimeSpan.FromMinutes(5),
        ["PT15M"] = TimeSpan.FromMinutes(15),
        ["PT30M"] = TimeSpan.FromMinutes(30),
        ["PT1H"] = TimeSpan.FromHours(1),
    };

    private static readonly Dictionary<string, TimeSpan> Durations = new(StringComparer.Ordinal)
    {
        ["PT0S"] = TimeSpan.Zero,
        ["PT5M"] = TimeSpan.FromMinutes(5),
        ["PT10M"] = TimeSpan.FromMinutes(10),
        ["PT15M"] = TimeSpan.FromMinutes(15),
    };

    /// <summary>Returns the operator as in the rules file.</summary>
    public static string SymbolOf(AlertOperator op) => Operators.First(entry => entry.Value == op).Key;

    /// <summary>Reads the rules.</summary>
    /// <param name="json">The file, as UTF-8.</param>
    /// <param name="errors">The validation errors by path, such as <c>rules[3].window</c>; empty if the rules are valid.</param>
    public static IReadOnlyList<AlertRule> Read(ReadOnlyMemory<byte> json, out IReadOnlyList<ValidationError> errors)
    {
        var found = new List<ValidationError>();
        errors = found;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Rules(document.RootElement, found);
        }
        catch (JsonException e)
        {
            found.Add(new ValidationError("", $"is not valid JSON: {e.Message}"));
            return [];
        }
    }

    private static List<AlertRule> Rules(JsonElement root, List<ValidationError> errors)
    {
        var rules = new List<AlertRule>();
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("rules", out var list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() == 0)
        {
            errors.Add(new ValidationError("rules", "must be an array with at least one rule"));
            return rules;
        }

        var unknown = root.EnumerateObject().Where(member => member.Name is not ("rules" or "$schema"));
        errors.AddRange(unknown.Select(member => new ValidationError(member.Name, "is not a member of the file")));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in list.EnumerateArray())
        {
            var path = $"rules[{rules.Count}]";
            var node = new RuleNode(element, path, errors);
            if (!node.IsObject)
            {
                errors.Add(new ValidationError(path, "must be an object"));
                continue;
            }

            var rule = Rule(node);
            if (rule.Name.Length > 0 && !names.Add(rule.Name))
                node.AddError("name", $"is a duplicate of another rule: '{rule.Name}'");
            rules.Add(rule);
        }

        return rules;
    }

    private static AlertRule Rule(RuleNode node)
    {
        var per = node.Child("per");
        var rule = new AlertRule
        {
            Name = node.Name("name"),
            Title = node.Words("title"),
            Metric = node.Metric("metric"),
            Filter = node.Filter("filter"),
            Per = per is null ? null : Share(per),
            By = node.OptionalWord("by"),
            Aggregate = node.Word("aggregate", Aggregates),
            Operator = node.Word("operator", Operators),
            Threshold = node.Number("threshold", double.NegativeInfinity, double.PositiveInfinity),
            Window = node.Word("window", Windows),
            For = node.Word("for", Durations),
            Severity = node.Whole("severity", 0, 4),
            Runbook = node.Anchor("runbook"),
        };
        node.RefuseOthers();
        if (rule.Per is not null && rule.Aggregate != AlertAggregate.Sum)
            node.AddError("aggregate", "must be sum in a rule with 'per'");
        if (rule is { Per: not null, Threshold: < 0 or > 1 })
            node.AddError("threshold", "must be a number from 0 to 1 in a rule with 'per'");
        if (rule is { Operator: AlertOperator.Below, By: not null } or { Operator: AlertOperator.Below, Per: not null })
            node.AddError("operator", "can't be < in a rule with 'by' or 'per', because a missing series has no value");
        return rule;
    }

    private static AlertShare Share(RuleNode node)
    {
        var share = new AlertShare(node.Metric("metric"), node.Filter("filter"), node.Number("minimum", 1, double.PositiveInfinity));
        node.RefuseOthers();
        return share;
    }
}
