using JobPipeline.Configuration;

namespace JobPipeline.Execution;

/// <summary>An injected fault, thrown in place of running a handler.</summary>
internal sealed class ChaosFaultException()
    : Exception($"an injected fault ({ChaosOptions.Section}:{nameof(ChaosOptions.HandlerFaultRate)})");
