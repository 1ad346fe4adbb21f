using JobPipeline.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.StartUp;

/// <summary>
/// The time that one function execution may take. If an execution exceeds the host's timeout, the host kills the whole worker
/// process with every job in it.
/// </summary>
public sealed class FunctionTime
{
    /// <summary>The time that stopped handlers have to record their outcomes.</summary>
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly TimeSpan? _usable;

    public FunctionTime(TimeProvider time, IOptions<FunctionsHostOptions> host, IOptions<JobPipelineOptions> pipeline) =>
        (_time, _usable) = (time, UsableOf(host.Value.FunctionTimeout, pipeline.Value.AbandonAfter + RecordingTime));

    /// <summary>Gets the time by which the handlers of an execution that starts now must have ended; null if there is no limit.</summary>
    public DateTimeOffset? EndOfOneThatStartsNow() => _usable is { } usable ? _time.GetUtcNow() + usable : null;

    private static TimeSpan? UsableOf(TimeSpan? functionTimeout, TimeSpan reserve) =>
        functionTimeout is not { } timeout ? null : timeout > reserve + reserve ? timeout - reserve : timeout / 2;
}
