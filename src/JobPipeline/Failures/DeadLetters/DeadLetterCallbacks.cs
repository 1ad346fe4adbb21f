using System.Text.Json;
using JobPipeline.Enqueueing;
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

    /// <summary>Enqueues the callback job, unless the dead letter is a callback itself.</summary>
    /// <param name="callback">The job type to enqueue.</param>
    /// <param name="deadLetter">The dead letter, with its errors.</param>
    /// <param name="spec">The job that became it.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Exception">Storage can't be reached; try again.</exception>
    public async Task SendAsync(string callback, DeadLetter deadLetter, JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.CallbackOf is not null)
            return;
        try
        {
            await client.EnqueueCallbackAsync(IdFor(deadLetter.Id), deadLetter.Id, Request(callback, deadLetter, spec), cancellationToken);
        }
        catch (Exception e) when (e is UnknownJobTypeException or MessageFormatException)
        {
            // Trying again would not help, and the dead letter matters more.
            DeadLetterLog.CallbackRefused(logger, e, deadLetter.Id, spec.Type, callback);
        }
    }

    private static JobRequest Request(string callback, DeadLetter deadLetter, JobSpec spec) =>
        JobRequest.For(callback, new DeadLetterCallback(
            deadLetter.Id,
            spec.Type,
            deadLetter.Reason,
            Fingerprints.Bounded.Text(deadLetter.Detail, MaxDetailChars),
            deadLetter.Errors is [.., { At: var at }] ? at : spec.DueAt,
            deadLetter.Errors.Count,
            deadLetter.Errors is [.., var last] ? last.Trimmed() : null,
            deadLetter.ErrorGroup,
            spec.CorrelationId,
            spec.Tags,
            PayloadOf(spec)))
        with
        {
            CorrelationId = spec.CorrelationId ?? deadLetter.Id.ToString(),
            Tenant = spec.Tenant,
            Group = spec.Group,
        };

    /// <summary>Null when it is large or can't be nested in another payload: the dead letter has it.</summary>
    private static JsonElement? PayloadOf(JobSpec spec) =>
        spec.Payload is { IsEmpty: false, Length: <= MaxPayloadBytes } payload
        && JsonText.ErrorOf(payload.Span, PayloadJson.MaxDepth - 1) is null
            ? JobJson.Parse(payload.Span)
            : null;
}
