using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Failures.Replays;

/// <summary>A replay that is ready to be sent: the decision stored in the dead letter, and the specification of the new job.</summary>
internal sealed record ReplayDraft(Replay Decision, JobSpec Spec);

/// <summary>Creates drafts from requests and from earlier decisions.</summary>
internal sealed class ReplayDrafts(JobClient jobs, IPayloadStore payloads)
{
    /// <summary>
    /// Creates a draft from a request, or returns all its validation errors. An edited payload is stored before anything can depend
    /// on it.
    /// </summary>
    public async Task<(ReplayDraft? Draft, IReadOnlyList<ValidationError> Errors)> DraftAsync(
        DeadLetter deadLetter, ReplayRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var original = ReplaySpec.OriginalOf(deadLetter);
        if (original is null && (request.Type is null || request.Payload is null))
            return (null, [.. MissingMembersOf(request)]);
        var decision = new Replay(JobId.Create(now), now, request.KeptBy)
        {
            Type = request.Type == original?.Type ? null : request.Type,
            IsEdited = request.Payload is not null,
        };
        if ((request.Payload ?? await PayloadAsync(deadLetter, original!, cancellationToken)) is not { } payload)
            return (null, [MissingBlobOf(deadLetter)]);
        var type = decision.Type ?? original!.Type;
        // Looks the type up first: its handler may be registered on another instance.
        await jobs.KnowsAsync(type, cancellationToken);
        var errors = jobs.Validate(new JobRequest { Type = type, Payload = payload });
        if (errors.Count > 0)
            return (null, errors);
        if (decision.IsEdited)
            await payloads.WriteAsync(PayloadName.Payload(decision.Job), PayloadJson.Normalise(payload, "payload"), cancellationToken);
        return (new ReplayDraft(decision, ReplaySpec.Of(deadLetter, original, decision, payload)), []);
    }

    /// <summary>Recreates the draft of an earlier decision.</summary>
    public async Task<(ReplayDraft? Draft, IReadOnlyList<ValidationError> Errors)> RestoreAsync(
        DeadLetter deadLetter, Replay decision, CancellationToken cancellationToken)
    {
        var original = ReplaySpec.OriginalOf(deadLetter);
        if (original is null && (decision.Type is null || !decision.IsEdited))
            return (null, [new("", "a later release wrote the message of this dead letter; only that release can finish its replay")]);
        ReadOnlyMemory<byte>? payload = decision.IsEdited
            ? default(ReadOnlyMemory<byte>)
            : await PayloadAsync(deadLetter, original!, cancellationToken);
        return payload is { } own
            ? (new ReplayDraft(decision, ReplaySpec.Of(deadLetter, original, decision, own)), [])
            : (null, [MissingBlobOf(deadLetter)]);
    }

    /// <summary>Returns whether the request asks for the same as the draft.</summary>
    public async Task<bool> IsSameAsync(ReplayDraft draft, ReplayRequest request, CancellationToken cancellationToken)
    {
        if (draft.Decision.IsEdited != request.Payload is not null
            || (request.Type ?? draft.Spec.Type) != draft.Spec.Type
            || (request.Type is null && draft.Decision.Type is not null))
        {
            return false;
        }

        if (request.Payload is not { } payload)
            return true;
        var kept = await payloads.ReadAsync(PayloadName.Payload(draft.Decision.Job), cancellationToken);
        try
        {
            return kept is { } bytes && bytes.Span.SequenceEqual(PayloadJson.Normalise(payload, "payload").Span);
        }
        catch (MessageFormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the dead letter's own payload; null if its blob is missing. Only the dead letter's id determines the blob, because a
    /// message could name another job's.
    /// </summary>
    private async ValueTask<ReadOnlyMemory<byte>?> PayloadAsync(
        DeadLetter deadLetter, JobSpec original, CancellationToken cancellationToken) =>
        original.PayloadInBlob ? await payloads.ReadAsync(PayloadName.Payload(deadLetter.Id), cancellationToken) : original.Payload;

    private static IEnumerable<ValidationError> MissingMembersOf(ReplayRequest request)
    {
        const string why = "the message of this dead letter can't be read; specify both 'type' and 'payload' to replay it";
        if (request.Type is null)
            yield return new("type", why);
        if (request.Payload is null)
            yield return new("payload", why);
    }

    private static ValidationError MissingBlobOf(DeadLetter deadLetter) =>
        new("payload", $"payload blob {PayloadName.Payload(deadLetter.Id)} is missing; specify 'payload' to replay it");
}
