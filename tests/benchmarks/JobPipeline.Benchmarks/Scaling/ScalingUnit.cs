namespace JobPipeline.Benchmarks.Scaling;

/// <summary>A unit of work and its storage operations.</summary>
/// <param name="Name">The name in the document.</param>
/// <param name="Size">The number of jobs, steps or items that the unit has.</param>
/// <param name="Queues">The number of priority queues that the units are spread over.</param>
/// <param name="Calls">The storage operations of the unit.</param>
internal sealed record ScalingUnit(string Name, int Size, int Queues, IReadOnlyList<StorageCall> Calls)
{
    public double QueueRequests => Calls.Where(call => call.Queue is not null).Sum(call => call.Requests) / Size;

    public double TableRequests => Calls.Where(call => call.Queue is null).Sum(call => call.Requests) / Size;
}
