using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobPipeline.Failures.DeadLetters;

namespace JobPipeline.Failures.Replays;

/// <summary>What <see cref="BulkReplayJob"/> takes.</summary>
internal sealed record BulkReplayPayload
{
    [Description("Which dead letters; those that were replayed are passed over.")]
    public DeadLetterFilter? Filter { get; init; }

    [Description("Letters kept from then on are left alone. Default: the moment of the job's id.")]
    public DateTimeOffset? Until { get; init; }

    [Range(1, BulkReplays.MaxPerSecond)]
    [Description("Most replays a second.")]
    public int PerSecond { get; init; } = BulkReplays.DefaultPerSecond;

    [StringLength(ReplayRequest.MaxByLength)]
    [Description("Who asked.")]
    public string? By { get; init; }
}
