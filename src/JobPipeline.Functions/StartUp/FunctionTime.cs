using JobPipeline.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.StartUp;

/// <summary>How long one function may take. The host kills the whole worker process, and with it every job in it, when one runs into its timeout.</summary>
public sealed class FunctionTime
{
    /// <summary>For handlers that were told to stop: time to put on record that they did.</summary>
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly TimeSpan? _usable;

    public FunctionTime(TimeProvider time, IOptions<FunctionsHostOptions> host, IOptions<JobPipelineOptions> pipeline) =>
        (_time, _usable) = (time, UsableOf(host.Value.FunctionTimeout, pipeline.Value.AbandonAfter + RecordingTime));

    /// <summary>By then handlers have to be timed out; null: never.</summary>
    public DateTimeOffset? EndOfOneThatStartsNow() => _usable is { } usable ? _time.GetUtcNow() + usable : null;

    private static TimeSpan? UsableOf(TimeSpan? functionTimeout, TimeSpan reserve) =>
        functionTimeout is not { } timeout ? null : timeout > reserve + reserve ? timeout - reserve : timeout / 2;
}
