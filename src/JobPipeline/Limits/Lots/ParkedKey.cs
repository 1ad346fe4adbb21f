using System.Globalization;
using JobPipeline.Jobs;

namespace JobPipeline.Limits.Lots;

/// <summary>The place of a job in a lot: by priority, then by due time, then by id.</summary>
/// <param name="Text">The key of its row.</param>
internal readonly record struct ParkedKey(string Text)
{
    private static readonly string[] Order = [.. PriorityQueues.All];

    public static ParkedKey Of(JobId job, string queue, JobSpec spec)
    {
        var priority = Math.Max(0, Array.IndexOf(Order, queue));
        return new(string.Create(CultureInfo.InvariantCulture, $"p|{priority}|{spec.DueAt.UtcTicks:D19}|{job.Value:N}"));
    }
}
