using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

/// <summary>The actors that replay the job's dead letter, individually and in bulk.</summary>
internal sealed partial class World
{
    private const string AwaitsDeadLetter = "wait for the dead letter";

    private readonly List<Actor> _replayers = [];

    /// <summary>Checks the final state.</summary>
    private void Judge()
    {
        if (_scenario.Callback)
            JudgeCallbacks();
        foreach (var job in _history.Buried)
        {
            if (_deadLetters.ReadAsync(job, default).Result is null)
                throw _history.Broken("a job ended as dead-lettered, but its dead letter is missing");
        }

        foreach (var job in _history.Promised)
        {
            if (!_history.Ended.Contains(job))
                throw _history.Broken("a replay was confirmed, but its job is not on record");
        }

        foreach (var replay in DeadLetters().SelectMany(deadLetter => deadLetter.Replays))
        {
            var bulk = JobId.TryParse(replay.By, out var by) ? _store.ReadAsync(by, default).Result.Record : null;
            if (bulk?.Status.State == JobState.Succeeded && !_history.Ended.Contains(replay.Job))
                throw _history.Broken("the bulk replay succeeded, but a job of its is not on record");
        }
    }

    /// <summary>Checks that every dead letter has its callback, except for those of callbacks.</summary>
    private void JudgeCallbacks()
    {
        foreach (var deadLetter in _deadLetters.All())
        {
            var told = _store.ReadAsync(DeadLetterCallbacks.IdFor(deadLetter.Id), default).Result.Record;
            if (deadLetter.Type == Wiring.JobType && told is null)
                throw _history.Broken("a dead letter has no callback");
            if (deadLetter.Type == Wiring.CallbackType && told is not null)
                throw _history.Broken("a callback's dead letter has a callback");
        }
    }

    /// <summary>Runs without choices until the dead letter exists.</summary>
    private void RunToTheLetter()
    {
        while (_deadLetters.All().Count == 0 || _workers.Exists(worker => worker.IsBusy))
        {
            if (_scheduler.Enabled.FirstOrDefault(flow => flow.Operation != AwaitsDeadLetter) is { } flow)
                _scheduler.LetOn(flow, Fate.Proceed);
            else
                Leap(Leaps[0]);
        }
    }

    private void KillReplayer(Actor replayer)
    {
        _kills--;
        _unfinished--;
        replayer.IsKilled = true;
        _history.Fault($"{replayer.Name} was killed");
        HireReplayer();
    }

    private void HireReplayer()
    {
        var actor = new Actor($"replayer{_replayers.Count}");
        _replayers.Add(actor);
        _ = ReplayAsync(actor);
    }

    private async Task ReplayAsync(Actor actor)
    {
        var replayer = WiringOf(actor).Replayer;
        await _scheduler.StepAsync(actor, AwaitsDeadLetter, mayFail: false, HasDeadLetter);
        _unfinished++;
        actor.Begin();
        var deadLetter = DeadLetters().First().Id;
        while (true)
        {
            try
            {
                var outcome = await replayer.ReplayAsync(new ReplayRequest(deadLetter, actor.Name));
                if (outcome is ReplayOutcome.Replayed { Job: var job })
                    _history.Replayed(actor, job);
                else
                    _history.Note($"{actor.Name} received {outcome.GetType().Name}");
                break;
            }
            catch (InjectedFaultException)
            {
                // Repeats the request, as a person would; the response is that a replay is in progress, or its result.
                _history.Note($"{actor.Name} tries again");
            }
            catch (BrokenPromiseException)
            {
                break;
            }
        }

        actor.End();
        _unfinished--;
    }

    /// <summary>Enqueues the bulk replay job.</summary>
    private async Task StartBulkAsync(Actor actor)
    {
        var client = WiringOf(actor).Client;
        await _scheduler.StepAsync(actor, AwaitsDeadLetter, mayFail: false, HasDeadLetter);
        _unfinished++;
        var payload = new BulkReplayPayload
        {
            Filter = new DeadLetterFilter { Type = Wiring.JobType },
            Until = _time.GetUtcNow().AddTicks(1),
            PerSecond = BulkReplays.MaxPerSecond,
        };
        while (true)
        {
            try
            {
                await client.EnqueueAsync(JobRequest.For(Wiring.BulkType, payload) with { Key = "bulk" });
                break;
            }
            catch (InjectedFaultException)
            {
                _history.Note($"{actor.Name} tries again");
            }
        }

        _unfinished--;
    }

    private bool HasDeadLetter() => DeadLetters().Any();

    private IEnumerable<DeadLetter> DeadLetters() => _deadLetters.All().Where(deadLetter => deadLetter.Type == Wiring.JobType);
}
