using System.Reflection;
using JobPipeline.Handlers;

namespace JobPipeline.Diagnostics;

/// <summary>
/// Finds the job types whose series begin at 0 when the instance starts: those of the app itself, and of the types that ship
/// with the pipeline those that the app asks for, by a setting or as the callback of one of its own. Any other type begins
/// when its first job is seen.
/// </summary>
internal static class ExpectedTypes
{
    /// <summary>The assembly metadata of a library whose job types come along unasked.</summary>
    private const string Shipped = "JobPipeline.ShippedJobs";

    /// <param name="all">Every registered type.</param>
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
