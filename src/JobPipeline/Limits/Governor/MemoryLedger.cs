using JobPipeline.Configuration;
using JobPipeline.Jobs;

namespace JobPipeline.Limits.Governor;

/// <summary>The memory that the running jobs of this process declare, and the jobs that wait for some.</summary>
internal sealed class MemoryLedger
{
    /// <summary>The number of waiting jobs that are remembered. Others wait too, but are not protected from being overtaken.</summary>
    internal const int MaxRemembered = 1000;

    /// <summary>The delay before the message of a waiting job becomes visible again, at least and at most.</summary>
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(5), LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>A job whose message is overdue by this runs elsewhere, or was cancelled: it holds up no others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, MemoryWait> _waiting = [];
    private MemoryUse _use;

    /// <summary>What the running jobs declare.</summary>
    public MemoryUse Use
    {
        get
        {
            lock (_lock)
                return _use;
        }
    }

    /// <summary>Takes the memory for a job, or states why and until when it waits.</summary>
    public GateDecision Ask(JobId job, long bytes, long budget, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (other, wait) in _waiting)
            {
                // A dictionary may lose entries while it is enumerated.
                if (now - wait.BackAt > Patience)
                    _waiting.Remove(other);
            }

            if (MemoryDecision.For(job, bytes, _use, budget, _waiting, now) is var decision and not MemoryDecision.Start)
                return Wait(job, WhyOf(decision, bytes, budget), now);
            _waiting.Remove(job);
            _use = new MemoryUse(_use.Jobs + 1, _use.Bytes + bytes);
            return new GateDecision.Open(new Permit(this, bytes));
        }
    }

    /// <summary>What a job waits for, for people; null if it is not known to wait.</summary>
    public string? WhyWaits(JobId job)
    {
        lock (_lock)
            return _waiting.GetValueOrDefault(job)?.Why;
    }

    /// <summary>One that has waited for long comes back soon, because the others wait for it.</summary>
    private GateDecision.Closed Wait(JobId job, string why, DateTimeOffset now)
    {
        var since = _waiting.TryGetValue(job, out var earlier) ? earlier.Since : now;
        var delay = now - since >= MemoryDecision.OvertakenFor
            ? ShortestDelay
            : ShortestDelay + ((LongestDelay - ShortestDelay) * Jitter.Of(job, (int)(now - since).TotalSeconds));
        if (earlier is not null || _waiting.Count < MaxRemembered)
            _waiting[job] = new MemoryWait(since, now + delay, why);
        return new GateDecision.Closed(now + delay, DeferralReason.Resources, why, OnRecord: false);
    }

    private string WhyOf(MemoryDecision decision, long bytes, long budget) => decision is MemoryDecision.IsBehind { Other: var other }
        ? $"job {other} has waited for memory for longer"
        : $"it declares {new ByteSize(bytes)} of memory; running jobs hold {new ByteSize(_use.Bytes)} of the {new ByteSize(budget)} "
            + "that jobs may declare on this instance";

    private void Return(long bytes)
    {
        lock (_lock)
            _use = new MemoryUse(_use.Jobs - 1, _use.Bytes - bytes);
    }

    private sealed class Permit(MemoryLedger ledger, long bytes) : IStartPermit
    {
        public ValueTask CompleteAsync(PermitOutcome outcome) => ReturnAsync();

        public ValueTask ReturnAsync()
        {
            ledger.Return(bytes);
            return ValueTask.CompletedTask;
        }
    }
}
