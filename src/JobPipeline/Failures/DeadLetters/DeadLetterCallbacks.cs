using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>
/// Enqueues the callback job that a job type names for its dead letters. Idempotent: the callback's id derives from the dead
/// letter's, and its payload from stored data. A dead-lettered callback has no callback itself, so there is no loop.
/// </summary>
internal sealed class DeadLetterCallbacks(JobClient client, ILogger<DeadLetterCallbacks> logger)
{
    private const string Name = "on-dead-letter";
    private const int MaxPayloadBytes = 16 * 1024;

    /// <summary>Shorter than any stored form of the detail, so that a repeated call sends the same payload.</summary>
    private const int MaxDetailChars = 500;

    public static JobId IdFor(JobId job) => JobId.ForChild(job, Name);

    /// <exception cref="Exception">Storage is unavailable; the caller retries.</exception>
    public async Task SendAsync(
        JobExecution job, DeadLetterReason reason, string detail, IReadOnlyList<AttemptError> errors, CancellationToken cancellationToken)
    {
        if (job.Descriptor?.OnDeadLetter is not { } callback || job.Spec.CallbackOf is not null)
            return;
        try
        {
            await client.EnqueueCallbackAsync(IdFor(job.Id), job.Id, Request(callback, job, reason, detail, errors), cancellationToken);
        }
        catch (Exception e) when (e is UnknownJobTypeException or MessageFormatException)
        {
            // A retry would not help, and the dead letter matters more.
            ExecutionLog.CallbackRefused(logger, e, job.Id, job.Spec.Type, callback);
        }
    }

    private static JobRequest Request(
        string callback, JobExecution job, DeadLetterReason reason, string detail, IReadOnlyList<AttemptError> errors) =>
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

    /// <summary>Returns null if the payload is large or can't be embedded in another payload; the dead letter has it.</summary>
    private static JsonElement? PayloadOf(JobExecution job) =>
        job.Spec.Payload is { IsEmpty: false, Length: <= MaxPayloadBytes } payload
        && JsonText.FaultOf(payload.Span, PayloadJson.MaxDepth - 1) is null
            ? JobJson.Parse(payload.Span)
            : null;
}
