using System.Reflection;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Handlers;

/// <summary>Finds handlers by their <see cref="JobAttribute"/> and determines the effective policies.</summary>
internal static class JobScanner
{
    private static readonly Type[] HandlerInterfaces = [typeof(IJobHandler<>), typeof(IJobHandler<,>)];

    /// <summary>Finds the handlers among the candidates; types without the attribute are ignored.</summary>
    /// <exception cref="InvalidOperationException">A handler's declaration is invalid; the message names it.</exception>
    public static IReadOnlyList<(JobAttribute Attribute, JobInvoker Invoker)> Scan(IEnumerable<Type> candidates)
    {
        var found = candidates.Distinct()
            .Select(type => (Type: type, Attribute: type.GetCustomAttribute<JobAttribute>()))
            .Where(entry => entry.Attribute is not null)
            .Select(entry => (entry.Attribute!, InvokerOf(entry.Type, entry.Attribute!.Type)))
            .ToList();
        foreach (var (attribute, invoker) in found)
            Check(Describe(attribute, invoker, overrides: null), invoker.HandlerType);
        var types = found.ConvertAll(entry => entry.Item1.Type);
        foreach (var attribute in found.Select(entry => entry.Item1))
        {
            if (attribute.OnDeadLetter is { } callback && !types.Contains(callback, StringComparer.Ordinal))
                throw new InvalidOperationException(
                    $"[Job(\"{attribute.Type}\", OnDeadLetter = \"{callback}\")] does not name a job type"
                        + NearestName.Hint(callback, types));
        }

        var twice = found.GroupBy(entry => entry.Item1.Type, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? found
            : throw new InvalidOperationException(
                $"The job type '{twice.Key}' has two handlers: "
                    + $"{string.Join(" and ", twice.Select(entry => entry.Item2.HandlerType.Name))}.");
    }

    public static JobDescriptor Describe(JobAttribute attribute, JobInvoker invoker, JobTypeOptions? overrides)
    {
        var queue = overrides?.Queue ?? attribute.Queue;
        if (!JobLanes.Exists(queue))
            throw new InvalidOperationException(
                $"The job type '{attribute.Type}' uses the queue '{queue}', "
                    + $"which must be one of {string.Join(", ", JobLanes.All)}{NearestName.Hint(queue, JobLanes.All)}");
        return new JobDescriptor
        {
            Type = attribute.Type,
            Queue = queue,
            MaxAttempts = overrides?.MaxAttempts ?? attribute.MaxAttempts,
            Timeout = overrides?.Timeout ?? Duration(attribute, nameof(attribute.Timeout), attribute.Timeout),
            Backoff = Backoff(attribute, overrides),
            Circuit = overrides?.Circuit ?? attribute.Circuit,
            OnDeadLetter = overrides?.OnDeadLetter ?? attribute.OnDeadLetter,
            TargetDuration = overrides?.TargetDuration
                ?? (attribute.TargetDuration is { } target ? Duration(attribute, nameof(attribute.TargetDuration), target) : null),
            ExpectedDuration = overrides?.ExpectedDuration
                ?? (attribute.ExpectedDuration is { } expected ? Duration(attribute, nameof(attribute.ExpectedDuration), expected) : null),
            Invoker = invoker,
        };
    }

    private static void Check(JobDescriptor job, Type handler)
    {
        var wrong = !JobSpecRules.IsTypeName(job.Type)
            ? $"is not a job type name: use letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength} characters"
            : job.MaxAttempts is < 1 or > JobLimits.MaxAttempts
                ? $"has MaxAttempts = {job.MaxAttempts}; it must be from 1 to {JobLimits.MaxAttempts}"
            : job.Timeout <= TimeSpan.Zero || job.Timeout > JobLimits.MaxTimeout
                ? $"has Timeout = \"{job.Timeout:c}\"; it must be above zero and at most {JobLimits.MaxTimeout:c}"
            : job.Backoff is { Kind: BackoffKind.Listed, Delays.Count: 0 or > RetrySchedule.MaxDelays }
                ? $"has {job.Backoff.Delays.Count} BackoffDelays; it must have 1 to {RetrySchedule.MaxDelays}"
            : null;
        if (wrong is not null)
            throw new InvalidOperationException($"[Job(\"{job.Type}\")] on {handler.Name} {wrong}.");
    }

    /// <summary>
    /// Configuration overrides the attribute: a configured list outranks an attribute's kind, and a configured kind outranks an
    /// attribute's list.
    /// </summary>
    private static RetrySchedule Backoff(JobAttribute attribute, JobTypeOptions? overrides)
    {
        var own = new RetrySchedule(
            Duration(attribute, nameof(attribute.BackoffBase), attribute.BackoffBase),
            Duration(attribute, nameof(attribute.BackoffCap), attribute.BackoffCap))
        {
            Kind = attribute.BackoffDelays is null ? attribute.Backoff : BackoffKind.Listed,
            Delays = [.. (attribute.BackoffDelays ?? []).Select(delay => Duration(attribute, nameof(attribute.BackoffDelays), delay))],
        };
        return own.With(new BackoffOverride
        {
            Kind = overrides?.Backoff,
            Base = overrides?.BackoffBase,
            Cap = overrides?.BackoffCap,
            Delays = overrides?.BackoffDelays is { } delays ? [.. delays] : null,
        });
    }

    private static TimeSpan Duration(JobAttribute attribute, string name, string text) =>
        WireDuration.TryParse(text, out var value) && value >= TimeSpan.Zero
            ? value
            : throw new InvalidOperationException($"[Job(\"{attribute.Type}\", {name} = \"{text}\")] must be {WireDuration.Form}.");

    private static JobInvoker InvokerOf(Type handler, string jobType)
    {
        var contracts = handler.GetInterfaces()
            .Where(i => i.IsGenericType && HandlerInterfaces.Contains(i.GetGenericTypeDefinition()))
            .ToList();
        if (contracts.Count != 1 || handler.IsAbstract || handler.ContainsGenericParameters)
            throw new InvalidOperationException(
                $"{handler.Name}, the handler of '{jobType}', must be a concrete class with one IJobHandler<…> interface; "
                    + $"it has {contracts.Count}.");
        var arguments = contracts[0].GetGenericArguments();
        var invoker = arguments.Length == 1
            ? typeof(JobInvoker<,>).MakeGenericType(handler, arguments[0])
            : typeof(JobInvoker<,,>).MakeGenericType(handler, arguments[0], arguments[1]);
        return (JobInvoker)Activator.CreateInstance(invoker)!;
    }
}
