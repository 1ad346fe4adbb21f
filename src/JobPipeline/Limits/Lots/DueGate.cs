using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Lots;

/// <summary>An entry of the due index: the gate needs a release turn at that time.</summary>
internal sealed record DueGate(GateId Gate, DateTimeOffset At);
