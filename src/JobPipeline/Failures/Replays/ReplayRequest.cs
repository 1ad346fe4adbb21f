using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>A request to replay a dead letter as a new job.</summary>
/// <param name="Letter">The dead letter.</param>
/// <param name="By">Who requested it; stored with the dead letter, cut to <see cref="MaxByLength"/> characters.</param>
internal sealed record ReplayRequest(JobId Letter, string By)
{
    /// <summary>The maximum length of the stored requester, in characters.</summary>
    public const int MaxByLength = 200;

    /// <summary>The job type to use instead of the dead letter's; null to use the dead letter's.</summary>
    public string? Type { get; init; }

    /// <summary>The payload to use instead of the dead letter's, as one UTF-8 JSON value; null to use the dead letter's.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>Whether to replay it even if it was replayed before.</summary>
    public bool IsForced { get; init; }

    /// <summary>The bulk replay job, which recognises its own decisions by this id after a restart.</summary>
    internal JobId? Bulk { get; init; }

    internal string KeptBy => Bulk?.ToString()
        ?? (By.Length <= MaxByLength ? By : By[..(char.IsHighSurrogate(By[MaxByLength - 1]) ? MaxByLength - 1 : MaxByLength)]);
}
