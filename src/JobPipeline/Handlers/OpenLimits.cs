namespace JobPipeline.Handlers;

/// <summary>Limits that let everything pass: those of a context that is not the pipeline's.</summary>
internal sealed class OpenLimits : IJobLimits, IJobLimit
{
    public static OpenLimits Instance { get; } = new();

    public IJobLimit this[string name] => this;

    public IJobLimit this[string name, string key] => this;

    public ValueTask AcquireAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public Task HoldBackAsync(DateTimeOffset until, string reason, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
