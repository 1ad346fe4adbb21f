using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobPipeline.Failures.DeadLetters;

namespace JobPipeline.Failures.Replays;

/// <summary>The payload of <see cref="BulkReplayJob"/>.</summary>
internal sealed record BulkReplayPayload
{
    [Description("The filter for dead letters; those already replayed are skipped.")]
    public DeadLetterFilter? Filter { get; init; }

    [Description("Dead letters recorded from then on are left alone. Default: the timestamp of the job's id.")]
    public DateTimeOffset? Until { get; init; }

    [Range(1, BulkReplays.MaxPerSecond)]
    [Description("The maximum number of replays per second.")]
    public int PerSecond { get; init; } = BulkReplays.DefaultPerSecond;

    [StringLength(ReplayRequest.MaxByLength)]
    [Description("Who requested it.")]
    public string? By { get; init; }
}
