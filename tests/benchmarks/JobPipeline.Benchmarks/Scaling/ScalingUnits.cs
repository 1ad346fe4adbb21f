namespace JobPipeline.Benchmarks.Scaling;

/// <summary>
/// The units of work of docs/scaling.md. The requests of jobs are those of docs/architecture.md ("What it costs"); those of workflows
/// are measured by this benchmark. Change them here when a measurement changes, then run <c>bench --simulate</c>.
/// </summary>
internal static class ScalingUnits
{
    /// <summary>The priority queues.</summary>
    private const int PriorityQueues = 3;

    private const string Jobs = "jobs";
    private const string Events = "workflow-events";
    private const int Pack = 100;

    public static ScalingUnit Single { get; } = new("single job", Size: 1, Queues: 1, Job(records: 3, receive: 1 / 32d));

    public static ScalingUnit GroupedSingle { get; } = new(
        "single job, grouped under load", Size: 1, Queues: 1, Job(records: 1.3, receive: 0.04));

    public static ScalingUnit SpreadSingle { get; } = GroupedSingle with
    {
        Name = "the same, over three priority queues",
        Queues = PriorityQueues,
    };

    public static ScalingUnit Packed { get; } = new(
        $"packed job, {Pack} a message", Size: Pack, Queues: 1,
        [
            StorageCall.OnQueue(Jobs, requests: 1),
            StorageCall.OnTable(requests: 0.02 * Pack, rows: Pack, PartitionUse.Own),
            StorageCall.OnQueue(Jobs, requests: 0.3),
            StorageCall.OnTable(requests: 0.02 * Pack, rows: 2 * Pack, PartitionUse.Own),
            StorageCall.OnTable(requests: 0.02 * Pack, rows: 2 * Pack, PartitionUse.Own),
            StorageCall.OnQueue(Jobs, requests: 1),
        ]);

    /// <summary>The step's job and its event, and the reads and writes of the workflow instance, measured at 50 chains at once.</summary>
    public static ScalingUnit Step { get; } = new(
        "step, many workflow instances at once", Size: 1, Queues: 1,
        [
            .. Job(records: 3, receive: 0.6),
            .. Event(receive: 0.6),
            StorageCall.OnTable(requests: 6.3, rows: 3, PartitionUse.Own),
        ]);

    /// <summary>An item's job and its event. The items that are sent together share a partition.</summary>
    public static ScalingUnit Item { get; } = new(
        "item of one fan-out", Size: 1, Queues: 1,
        [
            .. Job(records: 3, receive: 0.5, PartitionUse.One),
            .. Event(receive: 0.5),
            StorageCall.OnTable(requests: 1.9, rows: 1, PartitionUse.Own),
        ]);

    /// <summary>The same, if the claim makes the record: four rows instead of five.</summary>
    public static ScalingUnit ItemWithoutInsert { get; } = new(
        "the same, without the insert of the record", Size: 1, Queues: 1,
        [
            StorageCall.OnQueue(Jobs, requests: 1),
            StorageCall.OnQueue(Jobs, requests: 0.5),
            StorageCall.OnTable(requests: 1, rows: 2, PartitionUse.One),
            StorageCall.OnTable(requests: 1, rows: 2, PartitionUse.One),
            StorageCall.OnQueue(Jobs, requests: 1),
            .. Event(receive: 0.5),
            StorageCall.OnTable(requests: 1.9, rows: 1, PartitionUse.Own),
        ]);

    public static IReadOnlyList<ScalingUnit> All { get; } =
        [Single, GroupedSingle, SpreadSingle, Packed, Step, Item, ItemWithoutInsert];

    /// <summary>Send; insert of the record; receive; claim and completion, of the record and the attempt; delete.</summary>
    private static StorageCall[] Job(double records, double receive, PartitionUse partition = PartitionUse.Slices) =>
    [
        StorageCall.OnQueue(Jobs, requests: 1),
        StorageCall.OnTable(records / 3, rows: 1, partition),
        StorageCall.OnQueue(Jobs, receive),
        StorageCall.OnTable(records / 3, rows: 2, partition),
        StorageCall.OnTable(records / 3, rows: 2, partition),
        StorageCall.OnQueue(Jobs, requests: 1),
    ];

    private static StorageCall[] Event(double receive) =>
        [StorageCall.OnQueue(Events, requests: 1), StorageCall.OnQueue(Events, receive), StorageCall.OnQueue(Events, requests: 1)];
}
