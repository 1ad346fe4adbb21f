namespace JobPipeline.Benchmarks.Scaling;

/// <summary>
/// Runs units against the limits of one account, in virtual time: a number of workers, each with one unit at a time, whose storage
/// operations follow each other and wait for the tokens of the account, the queue and the partition.
/// </summary>
internal static class ScalingSimulation
{
    private const int Workers = 2_000;
    private const double Latency = 0.005;
    private const double WarmUp = 20;
    private const double End = 200;

    /// <summary>Returns the jobs, steps or items that ended a second.</summary>
    public static double Run(ScalingUnit unit, StorageLimits limits)
    {
        var buckets = new Buckets(limits);
        var due = new PriorityQueue<Progress, double>();
        for (var worker = 0; worker < Workers; worker++)
            due.Enqueue(new Progress(worker, Call: 0, Started: 0), 0);
        var ended = 0;
        while (due.TryDequeue(out var at, out var now) && now < End)
        {
            if (at.Call == unit.Calls.Count)
            {
                ended += now >= WarmUp ? 1 : 0;
                at = at with { Call = 0, Started = now };
            }

            var granted = buckets.Take(unit, at, now);
            due.Enqueue(at with { Call = at.Call + 1 }, granted + Latency);
        }

        return ended * unit.Size / (End - WarmUp);
    }

    /// <summary>How far a worker is: its next storage operation, and when its unit started.</summary>
    private readonly record struct Progress(int Worker, int Call, double Started);

    private sealed class Buckets(StorageLimits limits)
    {
        private readonly TokenBucket _account = new(limits.AccountRequests);
        private readonly Dictionary<string, TokenBucket> _queues = new(StringComparer.Ordinal);
        private readonly Dictionary<int, TokenBucket> _partitions = [];

        public double Take(ScalingUnit unit, Progress at, double now)
        {
            var call = unit.Calls[at.Call];
            var granted = _account.Take(now, call.Requests);
            if (call.Queue is { } queue)
            {
                var name = queue == "jobs" ? $"{queue}-{at.Worker % unit.Queues}" : queue;
                granted = Math.Max(granted, Of(_queues, name, limits.QueueMessages).Take(now, call.Messages));
            }

            if (call.Partition == PartitionUse.Own)
                return granted;
            var slice = call.Partition == PartitionUse.One
                ? -1 : (int)(at.Started / ScalingArithmetic.Slice.TotalSeconds) % ScalingArithmetic.Slices;
            return Math.Max(granted, Of(_partitions, slice, limits.PartitionRows).Take(now, call.Rows));
        }

        private static TokenBucket Of<TKey>(Dictionary<TKey, TokenBucket> buckets, TKey key, double rate)
            where TKey : notnull
        {
            if (!buckets.TryGetValue(key, out var bucket))
                buckets[key] = bucket = new TokenBucket(rate);
            return bucket;
        }
    }
}
