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
    /// <param name="letter">The dead letter, with its errors.</param>
    /// <param name="spec">The job that became it.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Exception">Storage can't be reached; try again.</exception>
    public async Task SendAsync(string callback, DeadLetter letter, JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.CallbackOf is not null)
            return;
        try
        {
            await client.EnqueueCallbackAsync(IdFor(letter.Id), letter.Id, Request(callback, letter, spec), cancellationToken);
        }
        catch (Exception e) when (e is UnknownJobTypeException or MessageFormatException)
        {
            // Trying again would not help, and the dead letter matters more.
            DeadLetterLog.CallbackRefused(logger, e, letter.Id, spec.Type, callback);
        }
    }

    private static JobRequest Request(string callback, DeadLetter letter, JobSpec spec) =>
        JobRequest.For(callback, new DeadLetterCallback(
            letter.Id,
            spec.Type,
            letter.Reason,
            Fingerprints.Bounded.Text(letter.Detail, MaxDetailChars),
            letter.Errors is [.., { At: var at }] ? at : spec.DueAt,
            letter.Errors.Count,
            letter.Errors is [.., var last] ? last.Trimmed() : null,
            letter.ErrorGroup,
            spec.CorrelationId,
            spec.Tags,
            PayloadOf(spec)))
        with
        {
            CorrelationId = spec.CorrelationId ?? letter.Id.ToString(),
        };

    /// <summary>Null when it is large or can't be nested in another payload: the dead letter has it.</summary>
    private static JsonElement? PayloadOf(JobSpec spec) =>
        spec.Payload is { IsEmpty: false, Length: <= MaxPayloadBytes } payload
        && JsonText.FaultOf(payload.Span, PayloadJson.MaxDepth - 1) is null
            ? JobJson.Parse(payload.Span)
            : null;
}
