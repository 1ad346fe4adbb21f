namespace JobPipeline.Benchmarks.Scaling;

/// <summary>
/// The published targets of Azure Storage, each a second: learn.microsoft.com/azure/storage/common/scalability-targets-standard-account,
/// .../storage/queues/scalability-targets and .../storage/tables/scalability-targets. Some regions allow an account twice as much.
/// </summary>
/// <param name="AccountRequests">The requests of one account.</param>
/// <param name="QueueMessages">The messages of 1 KiB of one queue. Sending, receiving and deleting count as one each.</param>
/// <param name="PartitionRows">The entities of 1 KiB of one table partition.</param>
internal sealed record StorageLimits(double AccountRequests = 20_000, double QueueMessages = 2_000, double PartitionRows = 2_000);
