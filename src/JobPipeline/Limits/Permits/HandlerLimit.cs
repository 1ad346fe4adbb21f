using JobPipeline.Handlers;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Permits;

/// <summary>A limit for one key, as a handler sees it.</summary>
/// <param name="limit">The limit.</param>
/// <param name="key">The key; null for that of the job.</param>
/// <param name="job">The job; null for the one that runs when the limit is asked.</param>
/// <param name="keys">Finds the key of the job.</param>
/// <param name="permits">Takes the permits.</param>
internal sealed class HandlerLimit(LimitDefinition limit, string? key, RunningJob? job, LimitKeys keys, CallPermits permits) : IJobLimit
{
    /// <summary>The longest reason that is kept.</summary>
    private const int MaxReason = 200;

    public async ValueTask AcquireAsync(CancellationToken cancellationToken = default)
    {
        var running = job ?? RunningJob.Current;
        var id = await GateOfAsync(running, cancellationToken);
        if (running is null || !running.Cancelled.CanBeCanceled || running.Cancelled == cancellationToken)
        {
            await permits.AcquireAsync(id, cancellationToken);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, running.Cancelled);
        await permits.AcquireAsync(id, either.Token);
    }

    public async Task HoldBackAsync(DateTimeOffset until, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var line = string.Concat(reason.Take(MaxReason).Select(c => char.IsControl(c) ? ' ' : c));
        await permits.HoldAsync(await GateOfAsync(job ?? RunningJob.Current, cancellationToken), until, line, cancellationToken);
    }

    private async ValueTask<GateId> GateOfAsync(RunningJob? running, CancellationToken cancellationToken)
    {
        var own = key ?? (running is null ? LimitKey.None : await running.KeyOfAsync(limit, keys, cancellationToken));
        return new GateId(limit.Name, own);
    }
}
