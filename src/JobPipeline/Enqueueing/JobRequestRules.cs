using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>What a request to enqueue has to satisfy: the type is known, the lane is one, the payload fits its handler, the rest is within bounds.</summary>
internal static class JobRequestRules
{
    /// <param name="request">The request.</param>
    /// <param name="registry">The types of this instance.</param>
    /// <param name="whyUnknown">What is wrong with a type that is none of them; null where another instance has a handler.</param>
    public static IReadOnlyList<FieldFault> Faults(JobRequest request, JobRegistry registry, Func<string, string?> whyUnknown)
    {
        var faults = new List<FieldFault>();
        if (registry.Find(request.Type) is { } descriptor)
            faults.AddRange(FaultsOfPayload(request.Payload, descriptor).Select(fault => fault.Within("payload")));
        else if (whyUnknown(request.Type) is { } why)
            faults.Add(new FieldFault("type", why));
        if (request.Queue is { } lane && FaultOfLane(lane) is { } wrong)
            faults.Add(new FieldFault("queue", wrong));
        faults.AddRange(JobSpecRules.Faults(request.ToSpec(default, default)).Where(fault => fault.Field != "type"));
        return faults;
    }

    /// <summary>Null: it is a lane.</summary>
    public static string? FaultOfLane(string lane) => JobLanes.Exists(lane)
        ? null
        : $"'{lane}' is not a queue{NearestName.Hint(lane, JobLanes.All)}; the queues are {string.Join(", ", JobLanes.All)}";

    private static IReadOnlyList<FieldFault> FaultsOfPayload(ReadOnlyMemory<byte> payload, JobDescriptor descriptor)
    {
        try
        {
            return descriptor.Validate(PayloadJson.Normalise(payload, "payload"));
        }
        catch (MessageFormatException e)
        {
            return [new FieldFault("", e.Message)];
        }
    }
}
