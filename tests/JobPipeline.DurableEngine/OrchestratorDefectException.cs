namespace JobPipeline.DurableEngine;

/// <summary>An orchestrator broke a rule that the real engine breaks on, or would get stuck by.</summary>
internal sealed class OrchestratorDefectException(string instance, int? position, string expected, string actual)
    : Exception($"Orchestration '{instance}'{(position is { } at ? $", entry {at} of its history" : "")}: expected {expected}, but {actual}.")
{
    public string Instance { get; } = instance;

    /// <summary>Where in the history; null: not while replaying.</summary>
    public int? Position { get; } = position;

    public string Expected { get; } = expected;

    public string Actual { get; } = actual;
}
