using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// Replays dead letters. The decision is written into the letter, under its version, before anything is sent: of many who
/// ask at once one decides, and one who dies on the way leaves behind what a later request finishes under the same job id.
/// So a letter yields one job, however often it is asked for and whatever goes wrong, unless somebody forces another.
/// </summary>
public sealed class Replayer
{
    /// <summary>How long somebody else's decision is left alone before it counts as unfinished.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IDeadLetterStore _letters;
    private readonly JobClient _jobs;
    private readonly ReplayDrafts _drafts;
    private readonly TimeProvider _time;
    private readonly JobPipelineOptions _options;
    private readonly ILogger<Replayer> _logger;

    internal Replayer(
        IDeadLetterStore letters,
        JobClient jobs,
        IPayloadStore payloads,
        TimeProvider time,
        IOptions<JobPipelineOptions> options,
        ILogger<Replayer> logger)
    {
        (_letters, _jobs, _time, _options, _logger) = (letters, jobs, time, options.Value, logger);
        _drafts = new ReplayDrafts(jobs, payloads);
    }

    /// <summary>
    /// Makes a new job of a dead letter. When this throws, it may or may not have; to repeat the call makes no second job,
    /// and is refused for <see cref="Patience"/>.
    /// </summary>
    public async Task<ReplayOutcome> ReplayAsync(ReplayRequest request, CancellationToken cancellationToken = default)
    {
        ReplayDraft? own = null;
        while (true)
        {
            if (await _letters.ReadAsync(request.Letter, cancellationToken) is not { } letter)
                return new ReplayOutcome.NotFound();
            // It was me: the answer was lost.
            if (own is not null && letter.Replays.Any(replay => replay.Job == own.Decision.Job))
                return await SendAsync(letter, own);
            if (letter.Replays is [.., var newest] && await JudgeAsync(letter, newest, request, cancellationToken) is { } verdict)
                return verdict;
            if (own is null)
            {
                var drafted = await _drafts.DraftAsync(letter, request, _time.GetUtcNow(), cancellationToken);
                if (drafted.Draft is null)
                    return new ReplayOutcome.Refused(drafted.Faults);
                own = drafted.Draft;
            }

            // From here on it is brought to its end, whoever stops waiting for it.
            if (await _letters.TryWriteReplaysAsync(letter with { Replays = [.. letter.Replays, own.Decision] }, CancellationToken.None))
                return await SendAsync(letter, own);
        }
    }

    /// <summary>What the newest replay of the letter means for the request. Null: it does not stand in the way.</summary>
    private async Task<ReplayOutcome?> JudgeAsync(DeadLetter letter, Replay newest, ReplayRequest request, CancellationToken cancellationToken)
    {
        var isOwn = request.Bulk is { } bulk && newest.By == bulk.ToString();
        var isOnRecord = (await _jobs.GetAsync(newest.Job, cancellationToken)).Record is not null;
        if (isOnRecord && isOwn)
            return new ReplayOutcome.Replayed(newest.Job);
        var age = _time.GetUtcNow() - newest.At;
        // So old that retention may have removed the job, ended: nobody can tell any more, and the id would not be taken.
        if (isOnRecord || age >= _options.Retention - JobLimits.MaxClockSkew)
            return request.IsForced ? null : new ReplayOutcome.AlreadyReplayed(newest);
        if (!isOwn && age < Patience)
            return request.IsForced ? null : new ReplayOutcome.BeingReplayed(newest, newest.At + Patience);
        return await FinishAsync(letter, newest, request, isOwn, cancellationToken);
    }

    /// <summary>Sends what was decided and perhaps never sent. It answers the request where that asks for the same.</summary>
    private async Task<ReplayOutcome?> FinishAsync(DeadLetter letter, Replay unfinished, ReplayRequest request, bool isOwn, CancellationToken cancellationToken)
    {
        var (draft, faults) = await _drafts.RestoreAsync(letter, unfinished, cancellationToken);
        if (draft is null)
            return request.IsForced ? null : new ReplayOutcome.Refused(faults);
        var finished = await SendAsync(letter, draft);
        if (isOwn || await _drafts.IsSameAsync(draft, request, cancellationToken))
            return finished;
        return request.IsForced ? null : new ReplayOutcome.AlreadyReplayed(unfinished);
    }

    private async Task<ReplayOutcome> SendAsync(DeadLetter letter, ReplayDraft draft)
    {
        await _jobs.EnqueueDecidedAsync(draft.Decision.Job, ReplaySpec.LaneOf(letter), draft.Spec, CancellationToken.None);
        ReplayLog.Replayed(_logger, letter.Id, draft.Decision.Job, draft.Spec.Type, draft.Decision.By);
        return new ReplayOutcome.Replayed(draft.Decision.Job);
    }
}
