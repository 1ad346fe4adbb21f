using System.Reflection;
using JobPipeline.Handlers;

namespace JobPipeline.Diagnostics;

/// <summary>
/// Finds the job types whose series start at 0 with the instance: those of the app, and those built-in types that the app uses, by a
/// setting or as the callback of one of its own types. The series of other types start with their first job.
/// </summary>
internal static class ExpectedTypes
{
    /// <summary>The assembly metadata of a library whose job types are registered by default.</summary>
    private const string Shipped = "JobPipeline.ShippedJobs";

    /// <param name="all">All registered types.</param>
    /// <param name="configured">The types that have settings.</param>
    public static IEnumerable<JobDescriptor> Of(IReadOnlyCollection<JobDescriptor> all, IEnumerable<string> configured)
    {
        var own = all.Where(job => !IsShipped(job.Invoker.HandlerType.Assembly)).ToList();
        var asked = own.Select(job => job.OnDeadLetter).OfType<string>().Concat(configured).ToHashSet(StringComparer.Ordinal);
        return own.Concat(all.Except(own).Where(job => asked.Contains(job.Type)));
    }

    private static bool IsShipped(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == Shipped);
}
