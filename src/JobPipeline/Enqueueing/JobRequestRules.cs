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
    public static IReadOnlyList<ValidationError> Errors(JobRequest request, JobRegistry registry, Func<string, string?> whyUnknown)
    {
        var errors = new List<ValidationError>();
        if (registry.Find(request.Type) is { } descriptor)
            errors.AddRange(ErrorsOfPayload(request.Payload, descriptor).Select(error => error.Within("payload")));
        else if (whyUnknown(request.Type) is { } why)
            errors.Add(new ValidationError("type", why));
        if (request.Queue is { } queue && ErrorOfQueue(queue) is { } wrong)
            errors.Add(new ValidationError("queue", wrong));
        errors.AddRange(JobSpecRules.Errors(request.ToSpec(default, default)).Where(error => error.Field != "type"));
        return errors;
    }

    /// <summary>Gets the validation error of a queue name; null for a known queue.</summary>
    public static string? ErrorOfQueue(string queue) => PriorityQueues.Exists(queue)
        ? null
        : $"'{queue}' is not a queue{NearestName.Hint(queue, PriorityQueues.All)}; the queues are {string.Join(", ", PriorityQueues.All)}";

    private static IReadOnlyList<ValidationError> ErrorsOfPayload(ReadOnlyMemory<byte> payload, JobDescriptor descriptor)
    {
        try
        {
            return descriptor.Validate(PayloadJson.Normalise(payload, "payload"));
        }
        catch (MessageFormatException e)
        {
            return [new ValidationError("", e.Message)];
        }
    }
}
