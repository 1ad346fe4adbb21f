using JobPipeline.Configuration;

namespace JobPipeline.Limits.Rules;

/// <summary>The validation of limits, wherever they were set.</summary>
internal static class LimitOptionRules
{
    private static readonly TimeSpan MinWindow = TimeSpan.FromMinutes(1);
    private static readonly string[] KeyNames = ["tenant", "group", "type"];

    /// <param name="path">What stands before the property's name in an error.</param>
    /// <param name="limit">The limit.</param>
    public static IEnumerable<string> Errors(string path, LimitOptions limit)
    {
        foreach (var error in OptionAnnotations.Errors(path, limit))
            yield return error;
        if (limit is { Concurrency: null, Rate: null })
            yield return $"{path} limits nothing: set {path}:Concurrency, {path}:Rate or both";
        if (limit.Key is { } key && !KeyNames.Contains(key, StringComparer.Ordinal) && LimitKey.ExpressionOf(key) is null)
            yield return $"{path}:Key is '{key}': it must be tenant, group, type, or 'payload.' with a JMESPath expression";
        foreach (var error in RateErrors(path, limit.Rate, limit.Algorithm))
            yield return error;
        if (limit.Burst is not null && limit.Rate is null)
            yield return $"{path}:Burst needs a rate: set {path}:Rate";
        foreach (var (name, own) in limit.Keys)
        {
            foreach (var error in OptionAnnotations.Errors($"{path}:Keys:{name}", own).Concat(
                RateErrors($"{path}:Keys:{name}", own.Rate, limit.Algorithm)))
                yield return error;
        }
    }

    private static IEnumerable<string> RateErrors(string path, string? text, LimitAlgorithm algorithm)
    {
        if (text is null)
            yield break;
        if (!LimitRate.TryParse(text, burst: null, algorithm, out var rate))
            yield return $"{path}:Rate is '{text}': it must be {LimitRate.Form}";
        else if (algorithm == LimitAlgorithm.FixedWindow && rate.Period < MinWindow)
            yield return $"{path}:Rate has a window of {rate.Period:c}: fixed windows must be at least {MinWindow:c}; use Gcra instead";
    }
}
