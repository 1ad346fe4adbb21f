using System.ComponentModel;
using System.Reflection;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Limits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>
/// Checks what binding can't see: names that nothing reads (binding would skip a misspelt one in silence), job types that
/// do not exist, and fields that contradict each other.
/// </summary>
internal sealed class JobPipelineOptionsValidator(IConfigurationSection root, IEnumerable<PipelineSection> sections, IEnumerable<JobAttribute> jobs)
    : IValidateOptions<JobPipelineOptions>
{
    private readonly PipelineSection[] _sections = [.. sections];
    private readonly JobAttribute[] _jobs = [.. jobs];

    private string[] JobTypes => [.. _jobs.Select(job => job.Type)];

    public ValidateOptionsResult Validate(string? name, JobPipelineOptions options)
    {
        var errors = new List<string>();
        CheckNames(root, typeof(JobPipelineOptions), errors);
        foreach (var (type, job) in options.Jobs)
            CheckJob(type, job, errors);
        foreach (var (circuit, settings) in options.Circuits)
            CheckCircuit(circuit, settings, options, errors);
        if (options.KeyLifetime >= options.Retention)
            errors.Add($"{root.Path}:KeyLifetime ({options.KeyLifetime}) must be shorter than {root.Path}:Retention ({options.Retention}): a key must not outlive the job it names.");
        if (options.WorkflowRetention < options.Retention)
            errors.Add($"{root.Path}:WorkflowRetention ({options.WorkflowRetention}) may not be shorter than {root.Path}:Retention ({options.Retention}): a workflow is not to be gone before its jobs.");
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private void CheckNames(IConfigurationSection section, Type options, List<string> errors)
    {
        var properties = options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var owned = _sections.Where(s => s.Path.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(s => s.Path[(section.Path.Length + 1)..], StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (owned.TryGetValue(child.Key, out var other))
                CheckNames(child, other.Options, errors);
            else if (!properties.TryGetValue(child.Key, out var property))
                errors.Add($"{child.Path} is not a setting{NearestName.Hint(child.Key, properties.Keys.Concat(owned.Keys))}");
            else if (property.PropertyType == typeof(Dictionary<string, JobTypeOptions>))
                CheckJobNames(child, errors);
            else if (EntriesOf(property.PropertyType) is { } entryType)
                child.GetChildren().ToList().ForEach(entry => CheckNames(entry, entryType, errors));
            else if (IsNested(property.PropertyType))
                CheckNames(child, property.PropertyType, errors);
            else
                CheckValue(child, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, errors);
        }
    }

    /// <summary>Binding throws for a value of the wrong kind, but not inside a dictionary: there it drops the whole entry.</summary>
    private static void CheckValue(IConfigurationSection setting, Type type, List<string> errors)
    {
        var converter = TypeDescriptor.GetConverter(type);
        // Durations are checked where they are bound (DurationSettings).
        if (setting.Value is null || type == typeof(TimeSpan) || !converter.CanConvertFrom(typeof(string)))
            return;
        try
        {
            converter.ConvertFromInvariantString(setting.Value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            errors.Add($"{setting.Path} is not a {type.Name}");
        }
    }

    private void CheckJobNames(IConfigurationSection jobs, List<string> errors)
    {
        foreach (var job in jobs.GetChildren())
        {
            if (JobTypes.Contains(job.Key, StringComparer.Ordinal))
                CheckNames(job, typeof(JobTypeOptions), errors);
            else
                errors.Add($"{job.Path} is not a job type{NearestName.Hint(job.Key, JobTypes)}");
        }
    }

    private void CheckJob(string type, JobTypeOptions job, List<string> errors)
    {
        errors.AddRange(OptionAnnotations.Errors($"{root.Path}:Jobs:{type}", job));
        if (job.OnDeadLetter is { } callback && !JobTypes.Contains(callback, StringComparer.Ordinal))
            errors.Add($"{root.Path}:Jobs:{type}:OnDeadLetter is '{callback}', which is no job type{NearestName.Hint(callback, JobTypes)}");
        if (job is { Backoff: BackoffKind.Listed, BackoffDelays: null } && _jobs.FirstOrDefault(known => known.Type == type) is { BackoffDelays: null })
            errors.Add($"{root.Path}:Jobs:{type}:Backoff is Listed, but there are no BackoffDelays");
        if (job.BackoffDelays?.Any(delay => delay < TimeSpan.Zero || delay > RetrySchedule.MaxDelay) == true)
            errors.Add($"{root.Path}:Jobs:{type}:BackoffDelays must lie between zero and {RetrySchedule.MaxDelay:c}");
        if (job.Queue is { } queue && !Jobs.JobLanes.Exists(queue))
            errors.Add($"{root.Path}:Jobs:{type}:Queue is '{queue}', which is no queue{NearestName.Hint(queue, Jobs.JobLanes.All)}");
    }

    private void CheckCircuit(string name, CircuitOptions settings, JobPipelineOptions options, List<string> errors)
    {
        errors.AddRange(OptionAnnotations.Errors($"{root.Path}:Circuits:{name}", settings));
        var named = _jobs.Select(job => options.Jobs.GetValueOrDefault(job.Type)?.Circuit ?? job.Circuit).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (!named.Contains(name, StringComparer.Ordinal))
            errors.Add($"{root.Path}:Circuits:{name} is no circuit that a job type names{NearestName.Hint(name, named)}");
    }

    /// <summary>The kind of options that a dictionary holds by names of the user's; null when it holds something else.</summary>
    private static Type? EntriesOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) && type.GetGenericArguments()[1] is var entry && IsNested(entry) ? entry : null;

    private static bool IsNested(Type type) => type.IsClass && type.Namespace?.StartsWith(nameof(JobPipeline), StringComparison.Ordinal) == true;
}
