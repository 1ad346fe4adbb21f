using JobPipeline.Alerts.Rules;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts;

/// <summary>Validates the overrides of rules: their names, their bounds, and whether they apply to the rule.</summary>
internal sealed class AlertOptionsValidator(IConfigurationSection section) : IValidateOptions<AlertOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var errors = new List<string>();
        // Reads the section, because an entry without settings is not bound, and its misspelt name would go unnoticed.
        foreach (var rule in section.GetSection(nameof(AlertOptions.Rules)).GetChildren().Select(child => child.Key))
        {
            if (AlertRules.Shipped.FirstOrDefault(known => known.Name == rule) is not { } found)
                errors.Add($"{PathOf(rule)} is not an alert rule{NearestName.Hint(rule, AlertRules.Shipped.Select(known => known.Name))}");
            else if (options.Rules.TryGetValue(rule, out var changes))
                Check(found, changes, errors);
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void Check(AlertRule rule, AlertRuleOptions changes, List<string> errors)
    {
        errors.AddRange(OptionAnnotations.Errors(PathOf(rule.Name), changes));
        if (rule.Per is null && changes.Minimum is not null)
            errors.Add($"{PathOf(rule.Name)}:Minimum applies only to rules with a ratio as their value, which this rule does not have");
        if (rule.Per is not null && changes.Threshold is (< 0 or > 1))
            errors.Add($"{PathOf(rule.Name)}:Threshold is {changes.Threshold}; the value is a ratio, so it must be between 0 and 1");
    }

    private static string PathOf(string rule) => $"{AlertOptions.Section}:{nameof(AlertOptions.Rules)}:{rule}";
}
