namespace JobPipeline.Benchmarks.Scaling;

/// <summary>Specifies which table partitions the units of work share.</summary>
internal enum PartitionUse
{
    /// <summary>Each unit writes to a partition of its own.</summary>
    Own,

    /// <summary>The time slices of job ids: the units of 256 ms share one of sixteen.</summary>
    Slices,

    /// <summary>All units share one.</summary>
    One,
}

/// <summary>One storage operation of a unit of work, in the order in which they follow each other.</summary>
/// <param name="Queue">The queue; null for a table.</param>
/// <param name="Requests">The requests; a fraction if several units share one.</param>
/// <param name="Messages">The messages that are sent, received or deleted.</param>
/// <param name="Rows">The rows that are written.</param>
/// <param name="Partition">Where the rows are written.</param>
internal sealed record StorageCall(string? Queue, double Requests, double Messages, double Rows, PartitionUse Partition)
{
    public static StorageCall OnQueue(string queue, double requests, double messages = 1) =>
        new(queue, requests, messages, Rows: 0, PartitionUse.Own);

    public static StorageCall OnTable(double requests, double rows, PartitionUse partition) =>
        new(Queue: null, requests, Messages: 0, rows, partition);
}
