using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>A wish to have a dead letter run again, as a new job.</summary>
/// <param name="Letter">The dead letter.</param>
/// <param name="By">Who asks; kept on the letter, cut to <see cref="MaxByLength"/> characters.</param>
public sealed record ReplayRequest(JobId Letter, string By)
{
    /// <summary>Most characters that are kept of who asked.</summary>
    public const int MaxByLength = 200;

    /// <summary>The job type in place of the letter's own; null: its own.</summary>
    public string? Type { get; init; }

    /// <summary>The payload in place of the letter's own: one value of UTF-8 JSON; null: its own.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>True: once more, although the letter was replayed.</summary>
    public bool IsForced { get; init; }

    /// <summary>The job that goes through many letters, so that it knows its own decisions again after a restart.</summary>
    internal JobId? Bulk { get; init; }

    internal string KeptBy => Bulk?.ToString() ?? (By.Length <= MaxByLength ? By : By[..(char.IsHighSurrogate(By[MaxByLength - 1]) ? MaxByLength - 1 : MaxByLength)]);
}
