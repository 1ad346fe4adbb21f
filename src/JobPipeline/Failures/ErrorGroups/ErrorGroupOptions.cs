using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Settings of error groups: configuration section <c>JobPipeline:Errors</c>. Durations are written as <c>hh:mm:ss</c>.</summary>
public sealed class ErrorGroupOptions
{
    public const string Section = "JobPipeline:Errors";

    /// <summary>How often an instance writes down what it has counted: one operation for each group that it met. What it has not written when it dies, a recount finds. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Groups that an instance tells apart at a time; failures of more are counted by job type alone. Default 200.</summary>
    [Range(10, 10_000)]
    public int MaxPending { get; set; } = 200;
}
