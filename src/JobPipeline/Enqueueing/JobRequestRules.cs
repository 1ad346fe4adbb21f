using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>
/// Validates a request to enqueue a job: the type and the queue are known, the payload fits the handler, everything else is
/// within its limits.
/// </summary>
internal static class JobRequestRules
{
    /// <param name="request">The request.</param>
    /// <param name="registry">The job types of this instance.</param>
    /// <param name="whyUnknown">
    /// Gets the validation error for a type that is not registered here; null when another instance has a handler for it.
    /// </param>
    public static IReadOnlyList<FieldFault> Faults(JobRequest request, JobRegistry registry, Func<string, string?> whyUnknown)
    {
        var faults = new List<FieldFault>();
        if (registry.Find(request.Type) is { } descriptor)
            faults.AddRange(FaultsOfPayload(request.Payload, descriptor).Select(fault => fault.Within("payload")));
        else if (whyUnknown(request.Type) is { } why)
            faults.Add(new FieldFault("type", why));
        if (request.Queue is { } queue && FaultOfLane(queue) is { } wrong)
            faults.Add(new FieldFault("queue", wrong));
        faults.AddRange(JobSpecRules.Faults(request.ToSpec(default, default)).Where(fault => fault.Field != "type"));
        return faults;
    }

    /// <summary>Gets the validation error of a queue name; null for a known queue.</summary>
    public static string? FaultOfLane(string queue) => JobLanes.Exists(queue)
        ? null
        : $"'{queue}' is not a queue{NearestName.Hint(queue, JobLanes.All)}; the queues are {string.Join(", ", JobLanes.All)}";

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
