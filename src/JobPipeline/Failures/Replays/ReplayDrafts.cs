using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Failures.Replays;

/// <summary>A replay that can be sent: what is written into the letter, and what the job asks for.</summary>
internal sealed record ReplayDraft(Replay Decision, JobSpec Spec);

/// <summary>Makes drafts, of requests and of decisions that were taken before.</summary>
internal sealed class ReplayDrafts(JobClient jobs, IPayloadStore payloads)
{
    /// <summary>A draft of what is asked for, or everything that is wrong with it. An edited payload is kept before anybody can depend on it.</summary>
    public async Task<(ReplayDraft? Draft, IReadOnlyList<FieldFault> Faults)> DraftAsync(
        DeadLetter letter, ReplayRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var original = ReplaySpec.OriginalOf(letter);
        if (original is null && (request.Type is null || request.Payload is null))
            return (null, [.. MissingOf(request)]);
        var decision = new Replay(JobId.Create(now), now, request.KeptBy)
        {
            Type = request.Type == original?.Type ? null : request.Type,
            IsEdited = request.Payload is not null,
        };
        if ((request.Payload ?? await PayloadAsync(letter, original!, cancellationToken)) is not { } payload)
            return (null, [Gone(letter)]);
        var type = decision.Type ?? original!.Type;
        // Looked up first: a living instance other than this one may have the handler.
        await jobs.KnowsAsync(type, cancellationToken);
        var faults = jobs.Validate(new JobRequest { Type = type, Payload = payload });
        if (faults.Count > 0)
            return (null, faults);
        if (decision.IsEdited)
            await payloads.WriteAsync(PayloadName.Payload(decision.Job), PayloadJson.Normalise(payload, "payload"), cancellationToken);
        return (new ReplayDraft(decision, ReplaySpec.Of(letter, original, decision, payload)), []);
    }

    /// <summary>The draft that a decision was taken on.</summary>
    public async Task<(ReplayDraft? Draft, IReadOnlyList<FieldFault> Faults)> RestoreAsync(DeadLetter letter, Replay decision, CancellationToken cancellationToken)
    {
        var original = ReplaySpec.OriginalOf(letter);
        if (original is null && (decision.Type is null || !decision.IsEdited))
            return (null, [new("", "the message of this dead letter was written by a later release, which alone can finish its replay")]);
        ReadOnlyMemory<byte>? payload = decision.IsEdited ? default(ReadOnlyMemory<byte>) : await PayloadAsync(letter, original!, cancellationToken);
        return payload is { } own ? (new ReplayDraft(decision, ReplaySpec.Of(letter, original, decision, own)), []) : (null, [Gone(letter)]);
    }

    /// <summary>True when the request asks for what the draft is.</summary>
    public async Task<bool> IsSameAsync(ReplayDraft draft, ReplayRequest request, CancellationToken cancellationToken)
    {
        if (draft.Decision.IsEdited != request.Payload is not null || (request.Type ?? draft.Spec.Type) != draft.Spec.Type || (request.Type is null && draft.Decision.Type is not null))
            return false;
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

    /// <summary>The letter's own payload; null where its blob is gone. The letter's id alone tells which blob: a message could name another job's.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> PayloadAsync(DeadLetter letter, JobSpec original, CancellationToken cancellationToken) =>
        original.PayloadInBlob ? await payloads.ReadAsync(PayloadName.Payload(letter.Id), cancellationToken) : original.Payload;

    private static IEnumerable<FieldFault> MissingOf(ReplayRequest request)
    {
        const string why = "the message of this dead letter can't be read: to replay it, give both 'type' and 'payload'";
        if (request.Type is null)
            yield return new("type", why);
        if (request.Payload is null)
            yield return new("payload", why);
    }

    private static FieldFault Gone(DeadLetter letter) =>
        new("payload", $"the payload was kept in the blob {PayloadName.Payload(letter.Id)}, which is gone: to replay it, give the 'payload'");
}
