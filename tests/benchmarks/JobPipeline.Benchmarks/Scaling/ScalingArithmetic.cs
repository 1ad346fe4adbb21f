namespace JobPipeline.Benchmarks.Scaling;

/// <summary>How many units a second each limit of one account allows. The simulation and docs/scaling.md are compared with it.</summary>
internal static class ScalingArithmetic
{
    /// <summary>The number of partitions over which job ids rotate (JobId.Slices), and the length of a slice.</summary>
    public const int Slices = 16;

    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(256);

    public static Ceilings Of(ScalingUnit unit, StorageLimits limits) => new(
        Account: unit.Size * limits.AccountRequests / unit.Calls.Sum(call => call.Requests),
        Queue: unit.Size * limits.QueueMessages / MessagesOnBusiestQueue(unit),
        Partition: Math.Min(
            unit.Size * limits.PartitionRows / RowsOn(unit, PartitionUse.One),
            unit.Size * limits.PartitionRows * Slices / RowsOn(unit, PartitionUse.Slices)));

    /// <summary>The number of accounts for a rate, if the work is divided evenly.</summary>
    public static int AccountsFor(double rate, ScalingUnit unit, StorageLimits limits) =>
        (int)Math.Ceiling(rate / Of(unit, limits).Least);

    /// <summary>The price of a million jobs, steps or items: operations times price.</summary>
    public static double CostOfMillion(ScalingUnit unit, StoragePrices prices) =>
        (unit.QueueRequests * prices.MillionQueueRequests) + (unit.TableRequests * prices.MillionTableRequests);

    /// <summary>The price of a worker without work, in a month of 30 days.</summary>
    public static double CostOfIdleMonth(double queueRequests, double tableRequests, StoragePrices prices)
    {
        var seconds = TimeSpan.FromDays(30).TotalSeconds / 1_000_000;
        return seconds * ((queueRequests * prices.MillionQueueRequests) + (tableRequests * prices.MillionTableRequests));
    }

    /// <summary>Jobs are spread over the priority queues; the other queues are one each.</summary>
    private static double MessagesOnBusiestQueue(ScalingUnit unit) => unit.Calls
        .Where(call => call.Queue is not null)
        .GroupBy(call => call.Queue)
        .Max(queue => queue.Sum(call => call.Messages) / (queue.Key == "jobs" ? unit.Queues : 1));

    private static double RowsOn(ScalingUnit unit, PartitionUse use) =>
        unit.Calls.Where(call => call.Partition == use).Sum(call => call.Rows);
}

/// <summary>Jobs, steps or items a second; infinity where a limit does not apply.</summary>
internal sealed record Ceilings(double Account, double Queue, double Partition)
{
    public double Least => Math.Min(Math.Min(Account, Queue), Partition);

    public string Bound => Partition <= Account && Partition <= Queue ? "partition" : Queue <= Account ? "queue" : "account";
}

/// <summary>The prices of an example, not a quotation: USD for a million requests.</summary>
internal sealed record StoragePrices(double MillionQueueRequests = 0.40, double MillionTableRequests = 0.036);
