using System.Reflection;
using JobPipeline.Configuration;
using JobPipeline.Jobs;

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
        var types = found.ConvertAll(entry => entry.Item1.Type);
        foreach (var (attribute, invoker) in found)
            Check(attribute, invoker.HandlerType, types);
        var twice = found.GroupBy(entry => entry.Item1.Type, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? found
            : throw new InvalidOperationException(
                $"The job type '{twice.Key}' has two handlers: "
                    + $"{string.Join(" and ", twice.Select(entry => entry.Item2.HandlerType.Name))}.");
    }

    public static JobDescriptor Describe(JobAttribute attribute, JobInvoker invoker, JobTypeOptions? overrides) =>
        JobDescriptor.Of(attribute.Type, JobPolicies.Of(attribute), overrides, invoker);

    private static void Check(JobAttribute attribute, Type handler, IReadOnlyCollection<string> types)
    {
        var name = $"[Job(\"{attribute.Type}\")] on {handler.Name}";
        if (!JobSpecRules.IsTypeName(attribute.Type))
        {
            throw new InvalidOperationException(
                $"{name} is no name for a job type: letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength}.");
        }

        var policies = JobPolicies.Of(attribute);
        if (JobPolicyRules.Errors(name, policies, policies, types).ToList() is { Count: > 0 } errors)
            throw new InvalidOperationException(string.Join("; ", errors));
    }

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
