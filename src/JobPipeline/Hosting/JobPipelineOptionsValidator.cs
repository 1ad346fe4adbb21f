using System.Reflection;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>
/// Validates what binding does not: setting names that nothing reads (binding would silently ignore a misspelled one), unknown
/// job types, and settings that contradict each other.
/// </summary>
/// <param name="root">The section of the pipeline.</param>
/// <param name="sections">The sections of its other parts.</param>
/// <param name="jobs">The job types of this process, with the policies of their attributes.</param>
internal sealed class JobPipelineOptionsValidator(
    IConfigurationSection root, IEnumerable<PipelineSection> sections, IReadOnlyDictionary<string, JobTypeOptions> jobs)
    : IValidateOptions<JobPipelineOptions>
{
    private readonly PipelineSection[] _sections = [.. sections];

    private string[] JobTypes => [.. jobs.Keys];

    public ValidateOptionsResult Validate(string? name, JobPipelineOptions options)
    {
        var errors = new List<string>();
        CheckNames(root, typeof(JobPipelineOptions), errors);
        foreach (var (type, job) in options.Jobs)
            errors.AddRange(JobPolicyRules.Errors($"{root.Path}:Jobs:{type}", job, jobs.GetValueOrDefault(type)?.With(job), JobTypes));
        foreach (var (circuit, settings) in options.Circuits)
            CheckCircuit(circuit, settings, options, errors);
        LimitSettings.Check(root.Path, options, jobs, errors);
        if (options.KeyLifetime >= options.Retention)
            errors.Add(
                $"{root.Path}:KeyLifetime ({options.KeyLifetime}) must be shorter than {root.Path}:Retention ({options.Retention}): "
                    + "a key must not outlive the job that holds it.");
        if (options.WorkflowRetention < options.Retention)
            errors.Add(
                $"{root.Path}:WorkflowRetention ({options.WorkflowRetention}) must not be shorter than "
                    + $"{root.Path}:Retention ({options.Retention}): a workflow instance must be kept as long as its jobs.");
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private void CheckNames(IConfigurationSection section, Type options, List<string> errors)
    {
        var properties = options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var owned = _sections.Where(s => s.Path.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(s => s.Path[(section.Path.Length + 1)..], StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (owned.TryGetValue(child.Key, out var other))
                CheckNames(child, other.Options, errors);
            else if (!properties.TryGetValue(child.Key, out var property))
                CheckForeign(child, properties.Keys.Concat(owned.Keys).Concat(KnownSettings.SectionsBelow(section.Path)), errors);
            else if (property.PropertyType == typeof(Dictionary<string, JobTypeOptions>))
                CheckJobNames(child, errors);
            else if (InvalidSettings.EntriesOf(property.PropertyType) is { } entryType && InvalidSettings.IsNested(entryType))
                child.GetChildren().ToList().ForEach(entry => CheckNames(entry, entryType, errors));
            else if (InvalidSettings.IsNested(property.PropertyType))
                CheckNames(child, property.PropertyType, errors);
        }
    }

    /// <summary>
    /// Reports an unknown setting. A section of a component that this process does not have is accepted, because its environment
    /// may be shared with a process that has it.
    /// </summary>
    private static void CheckForeign(IConfigurationSection setting, IEnumerable<string> names, List<string> errors)
    {
        if (!KnownSettings.IsSection(setting.Path))
            errors.Add($"{setting.Path} is not a setting{NearestName.Hint(setting.Key, names.Distinct(StringComparer.OrdinalIgnoreCase))}");
    }

    private void CheckJobNames(IConfigurationSection jobs, List<string> errors)
    {
        var known = JobTypes.Union(KnownSettings.JobTypes, StringComparer.Ordinal).ToList();
        foreach (var job in jobs.GetChildren())
        {
            if (IsKnown(job.Key))
                CheckNames(job, typeof(JobTypeOptions), errors);
            else
                errors.Add($"{job.Path} is not a job type{NearestName.Hint(job.Key, known)}");
        }
    }

    /// <summary>
    /// Whether the job type belongs to this process, or is a built-in one that another process in a shared environment may run.
    /// </summary>
    private bool IsKnown(string type) =>
        JobTypes.Contains(type, StringComparer.Ordinal) || KnownSettings.JobTypes.Contains(type, StringComparer.Ordinal);

    private void CheckCircuit(string name, CircuitOptions settings, JobPipelineOptions options, List<string> errors)
    {
        errors.AddRange(OptionAnnotations.Errors($"{root.Path}:Circuits:{name}", settings));
        var named = jobs.Select(job => job.Value.With(options.Jobs.GetValueOrDefault(job.Key)).Circuit)
            .Concat(options.Jobs.Where(job => IsKnown(job.Key)).Select(job => job.Value.Circuit)).OfType<string>()
                .Distinct(StringComparer.Ordinal).ToList();
        if (!named.Contains(name, StringComparer.Ordinal))
            errors.Add($"{root.Path}:Circuits:{name} is not a circuit that a job type uses{NearestName.Hint(name, named)}");
    }
}
