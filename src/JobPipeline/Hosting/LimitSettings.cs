using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Hosting;

/// <summary>Validates the limits, and the names by which job types refer to them.</summary>
internal static class LimitSettings
{
    /// <param name="root">The path of the pipeline's section.</param>
    /// <param name="options">The settings.</param>
    /// <param name="jobs">The job types of this process, with the policies of their attributes.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static void Check(
        string root, JobPipelineOptions options, IReadOnlyDictionary<string, JobTypeOptions> jobs, List<string> errors)
    {
        foreach (var (name, limit) in options.Limits)
        {
            var path = $"{root}:Limits:{name}";
            if (!JobSpecRules.IsTypeName(name))
                errors.Add(
                    $"{path}: the name of a limit has letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength} characters");
            errors.AddRange(LimitOptionRules.Errors(path, limit));
        }

        foreach (var (type, own) in jobs)
            CheckType(root, type, own.With(options.Jobs.GetValueOrDefault(type)), options.Limits.Keys, errors);
    }

    private static void CheckType(
        string root, string type, JobTypeOptions policies, IReadOnlyCollection<string> limits, List<string> errors)
    {
        var path = $"{root}:Jobs:{type}";
        foreach (var name in policies.Limits ?? [])
        {
            if (!limits.Contains(name, StringComparer.Ordinal))
                errors.Add($"{path}:Limits names '{name}', which is not a limit: add {root}:Limits:{name}{NearestName.Hint(name, limits)}");
        }

        if ((policies.Limits?.Count ?? 0) + (policies.Concurrency is null ? 0 : 1) > JobLimits.MaxLimitsOfAJob)
            errors.Add($"{path} has more than {JobLimits.MaxLimitsOfAJob} limits, its Concurrency included");
    }
}
