using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Permits;

/// <summary>Takes permits of rates for calls, and closes gates for services that asked to wait.</summary>
internal sealed class CallPermits(LocalGates gates, LimitMetrics metrics, TimeProvider time)
{
    /// <summary>The longest wait for a permit. A job that would wait longer gives its slot of the host to others.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>The longest time for which a service may close a gate.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    /// <summary>Rounds of asking before the call is refused. In each, another instance changed the gate.</summary>
    private const int MaxRounds = 10;

    private static readonly TimeSpan ShortDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan OneMore = TimeSpan.FromMilliseconds(1);

    /// <summary>Takes one permit, and waits for it if it is due soon.</summary>
    /// <exception cref="JobThrottledException">No permit is expected soon, or the gate is closed.</exception>
    public async ValueTask AcquireAsync(GateId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!gates.Of(id).TryTakePermit())
            await AskAsync(id, cancellationToken);
        metrics.Permitted(id.Limit);
    }

    /// <summary>Closes a gate until a time at least, by <see cref="LongestHold"/> at most. Does nothing if the time is over.</summary>
    public async Task HoldAsync(GateId id, DateTimeOffset until, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var at = until < now + LongestHold ? until : now + LongestHold;
        for (var round = 0; round < MaxRounds && at > now; round++)
        {
            var gate = gates.Of(id);
            if (gate.IsCurrent(now) && gate.Meter.BlockedUntil >= at)
                return;
            var request = new GateRequest(GateRequestKind.Hold, row: null) { HoldUntil = at, HoldReason = reason };
            if (await AskAsync(gate, request, cancellationToken) is GateAnswer.Done)
                return;
        }
    }

    private async Task AskAsync(GateId id, CancellationToken cancellationToken)
    {
        var latest = time.GetUtcNow() + LongestWait;
        for (var round = 0; round < MaxRounds; round++)
        {
            var request = new GateRequest(GateRequestKind.Permit, row: null) { Latest = latest, Cancelled = cancellationToken };
            switch (await AskAsync(gates.Of(id), request, cancellationToken))
            {
                case GateAnswer.Permitted permitted:
                    await WaitAsync(permitted.At, cancellationToken);
                    if (await IsGoodAsync(id, permitted.At))
                        return;
                    break;
                case GateAnswer.Refused { Why: null, Until: var until } when until <= latest:
                    await WaitAsync(until, cancellationToken);
                    break;
                case GateAnswer.Refused refused:
                    throw Throttled(id, refused);
            }
        }

        throw Throttled(id, new GateAnswer.Refused(time.GetUtcNow() + ShortDelay, Why: null));
    }

    private static async Task<GateAnswer> AskAsync(LocalGate gate, GateRequest request, CancellationToken cancellationToken)
    {
        await using var cancelling = cancellationToken.UnsafeRegister(
            static (state, cancelled) => ((GateRequest)state!).Cancel(cancelled), request);
        return await gate.DoAsync(request);
    }

    /// <summary>Whether a permit counts at its time: not if this process was stopped for long, or the gate was closed meanwhile.</summary>
    private async Task<bool> IsGoodAsync(GateId id, DateTimeOffset at)
    {
        var gate = gates.Of(id);
        // A gate that was retired meanwhile knows nothing.
        if (!gate.IsCurrent(time.GetUtcNow())
            && await gate.DoAsync(new GateRequest(GateRequestKind.Look, row: null)) is GateAnswer.Changed)
            return false;
        var now = time.GetUtcNow();
        return now < at + Advance.Time && !MeterRules.IsBlocked(gate.Meter, now);
    }

    private async Task WaitAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        // Timers cut off fractions of milliseconds: without one more, it would be too early.
        if (until - time.GetUtcNow() is var delay && delay > TimeSpan.Zero)
            await Task.Delay(delay + OneMore, time, cancellationToken);
    }

    private JobThrottledException Throttled(GateId id, GateAnswer.Refused refused)
    {
        var why = refused.Why is { } closed ? $"is {closed}" : "gives no permit";
        var delay = refused.Until - time.GetUtcNow();
        return new JobThrottledException(
            $"{id} {why} until {refused.Until:u}", delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
    }
}
