using System.Globalization;
using JobPipeline.Jobs;

namespace JobPipeline.Limits.Lots;

/// <summary>The place of a job in a lot: by priority, then by due time, then by id.</summary>
/// <param name="Text">The key of its row.</param>
internal readonly record struct ParkedKey(string Text)
{
    private const int IdLength = 32;
    private static readonly string[] Order = [.. PriorityQueues.All];

    /// <summary>Sorts before all places.</summary>
    public static ParkedKey First { get; } = new("p|");

    /// <summary>The job.</summary>
    public JobId Job => JobId.Parse(Guid.ParseExact(Text[^IdLength..], "N").ToString());

    /// <summary>Sorts right behind this place.</summary>
    public ParkedKey Next => new(Text + "0");

    public static ParkedKey Of(JobId job, string queue, JobSpec spec) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Before(queue, spec.DueAt).Text}{job.Value:N}"));

    /// <summary>Sorts before the places of jobs of a queue that are due at a time or later.</summary>
    public static ParkedKey Before(string queue, DateTimeOffset due)
    {
        var priority = Math.Max(0, Array.IndexOf(Order, queue));
        return new(string.Create(CultureInfo.InvariantCulture, $"p|{priority}|{due.UtcTicks:D19}|"));
    }
}
