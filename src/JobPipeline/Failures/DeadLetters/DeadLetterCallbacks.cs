using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>
/// Enqueues the job that a type names to be told of its dead letters. Its id derives from theirs, and its payload from what
/// is on record, so telling twice is telling once; a callback that ends as a dead letter itself has none, so there is no loop.
/// </summary>
internal sealed class DeadLetterCallbacks(JobClient client, ILogger<DeadLetterCallbacks> logger)
{
    private const string Name = "on-dead-letter";
    private const int MaxPayloadBytes = 16 * 1024;

    /// <summary>Less than any record keeps: whoever tells again tells the same.</summary>
    private const int MaxDetailChars = 500;

    public static JobId IdFor(JobId job) => JobId.ForChild(job, Name);

    /// <exception cref="Exception">Storage can't be reached: to be tried again.</exception>
    public async Task SendAsync(JobExecution job, DeadLetterReason reason, string detail, IReadOnlyList<AttemptError> errors, CancellationToken cancellationToken)
    {
        if (job.Descriptor?.OnDeadLetter is not { } callback || job.Spec.CallbackOf is not null)
            return;
        try
        {
            await client.EnqueueCallbackAsync(IdFor(job.Id), job.Id, Request(callback, job, reason, detail, errors), cancellationToken);
        }
        catch (Exception e) when (e is UnknownJobTypeException or MessageFormatException)
        {
            // Trying again would not help, and the dead letter matters more.
            ExecutionLog.CallbackRefused(logger, e, job.Id, job.Spec.Type, callback);
        }
    }

    private static JobRequest Request(string callback, JobExecution job, DeadLetterReason reason, string detail, IReadOnlyList<AttemptError> errors) =>
        JobRequest.For(callback, new DeadLetterCallback(
            job.Id,
            job.Spec.Type,
            reason,
            Fingerprints.Bounded.Text(detail, MaxDetailChars),
            errors is [.., { At: var at }] ? at : job.Spec.DueAt,
            errors.Count,
            errors is [.., var last] ? last.Trimmed() : null,
            errors is [.., { Group: var group }] ? group : null,
            job.Spec.CorrelationId,
            job.Spec.Tags,
            PayloadOf(job)))
        with
        {
            CorrelationId = job.Spec.CorrelationId ?? job.Id.ToString(),
        };

    /// <summary>Null where it is large, or can't be put into another payload: the dead letter has it.</summary>
    private static JsonElement? PayloadOf(JobExecution job) =>
        job.Spec.Payload is { IsEmpty: false, Length: <= MaxPayloadBytes } payload && JsonText.FaultOf(payload.Span, PayloadJson.MaxDepth - 1) is null
            ? JobJson.Parse(payload.Span)
            : null;
}
