namespace JobPipeline.DurableEngine;

/// <summary>Thrown when an orchestrator breaks a rule on which the real engine fails or hangs.</summary>
internal sealed class OrchestratorDefectException(string instance, int? position, string expected, string actual)
    : Exception(
        $"Orchestration '{instance}'{(position is { } at ? $", entry {at} of its history" : "")}: expected {expected}, but {actual}.")
{
    public string Instance { get; } = instance;

    /// <summary>The position in the history, or null if not replaying.</summary>
    public int? Position { get; } = position;

    public string Expected { get; } = expected;

    public string Actual { get; } = actual;
}
