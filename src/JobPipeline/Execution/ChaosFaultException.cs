using JobPipeline.Configuration;

namespace JobPipeline.Execution;

/// <summary>Thrown in the place of a handler, on purpose.</summary>
internal sealed class ChaosFaultException() : Exception($"a fault made on purpose ({ChaosOptions.Section}:{nameof(ChaosOptions.HandlerFaultRate)})");
