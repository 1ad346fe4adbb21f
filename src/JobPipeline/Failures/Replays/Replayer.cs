using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// Replays dead letters. The decision is stored in the dead letter, under its version, before a message is sent. Of concurrent
/// requests one decides, and a later request finishes an interrupted replay under the same job id. A dead letter therefore yields one
/// job, regardless of repeated requests and crashes, unless a request forces another.
/// </summary>
internal sealed class Replayer
{
    /// <summary>How long a decision of another request is left alone before it counts as unfinished.</summary>
    public static readonly TimeSpan UnfinishedAfter = TimeSpan.FromSeconds(30);

    private readonly IDeadLetterStore _deadLetters;
    private readonly JobClient _jobs;
    private readonly ReplayDrafts _drafts;
    private readonly TimeProvider _time;
    private readonly JobPipelineOptions _options;
    private readonly ILogger<Replayer> _logger;

    public Replayer(
        IDeadLetterStore deadLetters,
        JobClient jobs,
        IPayloadStore payloads,
        TimeProvider time,
        IOptions<JobPipelineOptions> options,
        ILogger<Replayer> logger)
    {
        (_deadLetters, _jobs, _time, _options, _logger) = (deadLetters, jobs, time, options.Value, logger);
        _drafts = new ReplayDrafts(jobs, payloads);
    }

    /// <summary>
    /// Creates a new job from a dead letter. When this throws, the job may or may not have been created. Repeating the call creates
    /// no second job, and is refused for <see cref="UnfinishedAfter"/>.
    /// </summary>
    public async Task<ReplayOutcome> ReplayAsync(ReplayRequest request, CancellationToken cancellationToken = default)
    {
        ReplayDraft? own = null;
        while (true)
        {
            if (await _deadLetters.ReadAsync(request.Letter, cancellationToken) is not { } deadLetter)
                return new ReplayOutcome.NotFound();
            // This call wrote the decision, but the response was lost.
            if (own is not null && deadLetter.Replays.Any(replay => replay.Job == own.Decision.Job))
                return await SendAsync(deadLetter, own);
            if (deadLetter.Replays is [.., var newest] && await JudgeAsync(deadLetter, newest, request, cancellationToken) is { } verdict)
                return verdict;
            if (own is null)
            {
                var drafted = await _drafts.DraftAsync(deadLetter, request, _time.GetUtcNow(), cancellationToken);
                if (drafted.Draft is null)
                    return new ReplayOutcome.Refused(drafted.Errors);
                own = drafted.Draft;
            }

            // From here on the replay is finished even if the caller cancels.
            if (await _deadLetters.TryWriteReplaysAsync(
                deadLetter with { Replays = [.. deadLetter.Replays, own.Decision] }, CancellationToken.None))
                return await SendAsync(deadLetter, own);
        }
    }

    /// <summary>
    /// Returns what the newest replay of the dead letter means for the request; null if it does not prevent another replay.
    /// </summary>
    private async Task<ReplayOutcome?> JudgeAsync(
        DeadLetter deadLetter, Replay newest, ReplayRequest request, CancellationToken cancellationToken)
    {
        var isOwn = request.Bulk is { } bulk && newest.By == bulk.ToString();
        var isOnRecord = (await _jobs.GetAsync(newest.Job, cancellationToken)).Record is not null;
        if (isOnRecord && isOwn)
            return new ReplayOutcome.Replayed(newest.Job);
        var age = _time.GetUtcNow() - newest.At;
        // So old that retention may have removed the ended job: its state is unknown, and its id would no longer be accepted.
        if (isOnRecord || age >= _options.Retention - JobLimits.MaxClockSkew)
            return request.IsForced ? null : new ReplayOutcome.AlreadyReplayed(newest);
        if (!isOwn && age < UnfinishedAfter)
            return request.IsForced ? null : new ReplayOutcome.BeingReplayed(newest, newest.At + UnfinishedAfter);
        return await FinishAsync(deadLetter, newest, request, isOwn, cancellationToken);
    }

    /// <summary>
    /// Sends a decision that may never have been sent. It is the outcome of the request if the request asks for the same.
    /// </summary>
    private async Task<ReplayOutcome?> FinishAsync(
        DeadLetter deadLetter, Replay unfinished, ReplayRequest request, bool isOwn, CancellationToken cancellationToken)
    {
        var (draft, errors) = await _drafts.RestoreAsync(deadLetter, unfinished, cancellationToken);
        if (draft is null)
            return request.IsForced ? null : new ReplayOutcome.Refused(errors);
        var finished = await SendAsync(deadLetter, draft);
        if (isOwn || await _drafts.IsSameAsync(draft, request, cancellationToken))
            return finished;
        return request.IsForced ? null : new ReplayOutcome.AlreadyReplayed(unfinished);
    }

    private async Task<ReplayOutcome> SendAsync(DeadLetter deadLetter, ReplayDraft draft)
    {
        await _jobs.EnqueueDecidedAsync(draft.Decision.Job, ReplaySpec.QueueOf(deadLetter), draft.Spec, CancellationToken.None);
        ReplayLog.Replayed(_logger, deadLetter.Id, draft.Decision.Job, draft.Spec.Type, draft.Decision.By);
        return new ReplayOutcome.Replayed(draft.Decision.Job);
    }
}
