using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Interleavings;

/// <summary>A violated guarantee of the protocol, with the log of the steps that led to it.</summary>
internal sealed class BrokenPromiseException(string promise, IEnumerable<string> log) : Exception($"{promise}\n{string.Join('\n', log)}");

/// <summary>
/// The record of all writes and handler starts, kept outside of the product and checked as they happen. It knows the
/// guarantees, not their implementation.
/// </summary>
internal sealed partial class History(int maxAttempts, int maxDeaths, Func<int> inFlight)
{
    private readonly List<string> _log = [];
    private readonly Dictionary<(JobId, int), Attempt> _holders = [];
    private readonly Dictionary<Guid, int> _starts = [];
    private readonly HashSet<JobId> _ended = [];
    private readonly HashSet<JobId> _buried = [];
    private readonly HashSet<(JobId, int)> _failed = [];
    private readonly HashSet<JobId> _completed = [];
    private readonly HashSet<(int, Guid)> _former = [];
    private readonly HashSet<JobId> _enqueued = [];
    private readonly Dictionary<JobId, JobId> _replays = [];
    private readonly HashSet<JobId> _promised = [];

    public int Errors { get; private set; }

    public int LiveMessages { get; private set; }

    public IReadOnlyCollection<JobId> Ended => _ended;

    /// <summary>Jobs whose first message was sent.</summary>
    public IReadOnlyCollection<JobId> Enqueued => _enqueued;

    /// <summary>Jobs that ended as dead letters.</summary>
    public IReadOnlyCollection<JobId> Buried => _buried;

    /// <summary>Replays that were confirmed to a caller.</summary>
    public IReadOnlyCollection<JobId> Promised => _promised;

    /// <summary>The first violation.</summary>
    public BrokenPromiseException? Failure { get; private set; }

    public void Note(string what) => _log.Add(what);

    public void Fault(string what)
    {
        Errors++;
        _log.Add($"FAULT {what}");
    }

    public void Written(Actor actor, JobTransition transition, JobSnapshot before, DateTimeOffset now)
    {
        var status = transition.Record?.Status;
        _log.Add(
            $"{now:mm:ss} {actor.Name} wrote {status?.State.ToString() ?? "touch"}"
                + $" #{transition.Attempt?.Row.Number} {transition.Attempt?.Row.State} {transition.Attempt?.Row.ClaimId.ToString()[..4]}");
        if (status is not null && before.Record is { } record && record.Status.State.IsTerminal())
            throw Broken($"an ended job ({record.Status.State}) was changed to {status.State}");
        if (transition.Attempt is { } write)
            Judge(write.Row, before.Attempts.FirstOrDefault(a => a.Number == write.Row.Number), now);
        if (status is null)
            return;
        if (status.State.IsTerminal() && !_ended.Add(transition.Job))
            throw Broken("a job ended twice");
        if (status.State == JobState.Succeeded && !_completed.Add(transition.Job))
            throw Broken("a completion was recorded twice");
        if (status.DeadLetterReason == DeadLetterReason.UnknownType)
            throw Broken("a job was dead-lettered for its type although a living worker has a handler");
        if (status.State == JobState.DeadLettered)
            _buried.Add(transition.Job);
    }

    public void Started(Actor actor, JobId job, int attempt, Guid claim)
    {
        _log.Add($"{actor.Name} started the handler #{attempt} {claim.ToString()[..4]}");
        if (attempt > maxAttempts)
            throw Broken($"attempt {attempt} of {maxAttempts} started");
        _starts[claim] = _starts.GetValueOrDefault(claim) + 1;
        if (_starts[claim] > 1)
            throw Broken("one claim started its handler twice");
        StartedBehindTheGate(actor, job, attempt, claim);
        if (_ended.Contains(job) && _holders[(job, attempt)].ClaimId != claim)
            throw Broken("a handler started for an ended job");
    }

    public void Sent(Actor actor, ReadOnlyMemory<byte> body)
    {
        LiveMessages++;
        if (
            JobMessageReader.Read(body, default) is not MessageReading.Job { Message: { Id: { } id, Attempt: var attempt, Spec: var spec } }
        )
            throw Broken("a message without an id was sent");
        _log.Add($"{actor.Name} sent attempt {attempt}");
        if (spec.ReplayOf is { } deadLetter && !_replays.TryAdd(deadLetter, id) && _replays[deadLetter] != id)
            throw Broken("one dead letter was replayed as two jobs");
        if (spec.CallbackOf is { } told && !_buried.Contains(told))
            throw Broken("a dead-letter callback was sent before the job's end was recorded");
        if (
            !_enqueued.Add(id)
            && attempt == 1
            && (spec.ReplayOf is not null || actor.Name.StartsWith("producer", StringComparison.Ordinal)))
            Fault("a second caller can't tell that the first one is only slow, and sends its message too");
        if (attempt > 1 && !_failed.Contains((id, attempt - 1)))
            throw Broken($"attempt {attempt} was sent before the failure of attempt {attempt - 1} was recorded");
        CheckMessages();
    }

    public void Deleted(Actor actor)
    {
        LiveMessages--;
        _log.Add($"{actor.Name} acknowledged");
    }

    public void Kept(Actor actor, DeadLetter deadLetter)
    {
        _log.Add($"{actor.Name} wrote the dead letter {deadLetter.Reason}");
        if (!_buried.Contains(deadLetter.Id))
            throw Broken("a dead letter was written before the job's end was recorded");
    }

    /// <summary>Records that a replay was confirmed as this job.</summary>
    public void Replayed(Actor actor, JobId job)
    {
        _log.Add($"{actor.Name} received the confirmation of its replay");
        _promised.Add(job);
        if (!_enqueued.Contains(job))
            throw Broken("a replay was confirmed before its message was sent");
    }

    /// <summary>Stores the failure in addition to throwing it, because the product survives exceptions of its storage.</summary>
    public BrokenPromiseException Broken(string promise) => Failure ??= new BrokenPromiseException(promise, _log);

    private void CheckMessages()
    {
        // A new message is sent before the old one is acknowledged, so messages being processed do not count.
        if (LiveMessages > _enqueued.Count + Errors + inFlight())
            throw Broken($"{LiveMessages} live messages after {Errors} faults");
    }

    private void Judge(Attempt row, Attempt? before, DateTimeOffset now)
    {
        var slot = (row.Job, row.Number);
        if (row.Number > maxAttempts)
            throw Broken($"attempt {row.Number} of {maxAttempts} was claimed");
        if (row.Deaths > maxDeaths)
            throw Broken($"{row.Deaths} deaths were counted");
        if (!_holders.TryGetValue(slot, out var holder) || holder.ClaimId != row.ClaimId)
        {
            if (_former.Contains((row.Number, row.ClaimId)))
                throw Broken("a write of a worker without a valid claim was accepted");
            if (before is { State: AttemptState.Running } && before.LeaseUntil > now)
                throw Broken("an attempt was taken over from a worker whose lease had not expired");
            if (before is { State: not (AttemptState.Running or AttemptState.Released) })
                throw Broken($"an ended attempt ({before.State}) was claimed");
            if (before is { State: AttemptState.Running } && row.Deaths != before.Deaths + 1)
                throw Broken("a death was not counted");
            if (row.Number > 1 && !_failed.Contains((row.Job, row.Number - 1)))
                throw Broken($"attempt {row.Number} was claimed before attempt {row.Number - 1} had failed");
        }

        if (holder is not null && holder.ClaimId != row.ClaimId)
            _former.Add((row.Number, holder.ClaimId));
        _holders[slot] = row;
        if (row.State == AttemptState.Failed)
            _failed.Add(slot);
    }
}
