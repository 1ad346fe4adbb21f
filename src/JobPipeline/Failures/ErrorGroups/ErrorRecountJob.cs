using System.ComponentModel.DataAnnotations;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>The payload of a recount.</summary>
/// <param name="Group">The id of the group to recount.</param>
internal sealed record ErrorRecountPayload([property: Required, RegularExpression("^[0-9a-f]{16}$")] string Group);

/// <summary>The result of a recount.</summary>
/// <param name="Counted">The number of stored failures of the group.</param>
/// <param name="Missing">The number of those that had not been counted; they are now.</param>
internal sealed record ErrorRecountResult(long Counted, long Missing);

/// <summary>
/// Recounts a group's failures from the stored attempts, and from the dead letters of messages that never became jobs, to make up for
/// batches that were lost with their instance. Failures of the last minutes are left out, because an instance may still have to write
/// them, and none must be counted twice. The job yields to other jobs when it runs for long.
/// </summary>
[Job(Type, Queue = PriorityQueues.Low, Timeout = "00:05:00")]
internal sealed class ErrorRecountJob(IErrorGroupStore groups, IErrorGroupHistory history, IDeadLetterStore deadLetters, TimeProvider time)
    : IJobHandler<ErrorRecountPayload, ErrorRecountResult>
{
    public const string Type = "errors.recount";

    private const int DeadLettersPerPage = 500;
    private const int MaxRounds = 20;

    /// <summary>By then an instance has written the failures it counted, unless storage was unavailable for longer.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    /// <summary>Well within the time limit of every host.</summary>
    internal static readonly TimeSpan WorkTime = TimeSpan.FromMinutes(1);

    /// <summary>The reasons of dead letters without an attempt.</summary>
    private static readonly DeadLetterReason[] WithoutAttempt = [DeadLetterReason.Unreadable, DeadLetterReason.ForgedIdentity];

    public async Task<JobOutcome<ErrorRecountResult>> HandleAsync(
        ErrorRecountPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var yieldAt = time.GetUtcNow() + WorkTime;
        var place = await context.GetCheckpointAsync<RecountPlace>(cancellationToken)
            ?? new RecountPlace { Until = time.GetUtcNow() - Settling };
        while (!place.IsThrough)
        {
            cancellationToken.ThrowIfCancellationRequested();
            place = place.Step < WithoutAttempt.Length
                ? await CountDeadLettersAsync(payload.Group, place, cancellationToken)
                : await CountAttemptsAsync(payload.Group, place, cancellationToken);
            context.ReportProgress(place.Days.Values.Sum(), note: place.Step < WithoutAttempt.Length ? "dead letters" : "attempts");
            await context.SaveCheckpointAsync(place, cancellationToken);
            if (!place.IsThrough && time.GetUtcNow() >= yieldAt)
                return JobOutcome.Snooze(TimeSpan.Zero, "yields to other jobs");
        }

        var missing = await RepairAsync(payload.Group, place, cancellationToken);
        var counted = place.Days.Values.Sum();
        ErrorLog.Recounted(context.Logger, payload.Group, context.JobId, counted, missing);
        return new ErrorRecountResult(counted, missing);
    }

    private async Task<RecountPlace> CountDeadLettersAsync(string group, RecountPlace place, CancellationToken cancellationToken)
    {
        var filter = new DeadLetterFilter { ErrorGroup = group, Reason = WithoutAttempt[place.Step] };
        var before = place.Position is { } position ? JobId.Parse(position) : (JobId?)null;
        var page = await deadLetters.ListAsync(filter, before, DeadLettersPerPage, cancellationToken);
        return place.With(page.DeadLetters.Select(deadLetter => deadLetter.At), page.Next?.ToString());
    }

    private async Task<RecountPlace> CountAttemptsAsync(string group, RecountPlace place, CancellationToken cancellationToken)
    {
        var page = await history.ReadAsync(group, place.Position, cancellationToken);
        var next = place.With(page.Moments, page.Next);
        return next with { IsThrough = page.Next is null };
    }

    private async Task<long> RepairAsync(string id, RecountPlace place, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await groups.ReadAsync(id, cancellationToken) is not { } before)
                return 0;
            var after = before.Recounted(place.Days.Select(day => new ErrorDay(day.Key, day.Value)), today);
            if (after == before || await groups.TryWriteAsync(before, after, cancellationToken) is not null)
                return after.Count - before.Count;
        }

        throw new InvalidOperationException($"Changing error group {id} failed after {MaxRounds} concurrent modifications; try again.");
    }

    /// <summary>The checkpoint: how far the recount has come.</summary>
    private sealed record RecountPlace
    {
        /// <summary>Later failures may not have been written yet, and are not counted.</summary>
        public required DateTimeOffset Until { get; init; }

        /// <summary>The index of the current step: first the dead letters of each reason, then the attempts.</summary>
        public int Step { get; init; }

        public string? Position { get; init; }

        public bool IsThrough { get; init; }

        public Dictionary<DateOnly, long> Days { get; init; } = [];

        public RecountPlace With(IEnumerable<DateTimeOffset> moments, string? next)
        {
            var days = new Dictionary<DateOnly, long>(Days);
            foreach (var at in moments.Where(at => at < Until))
            {
                var day = DateOnly.FromDateTime(at.UtcDateTime);
                days[day] = days.GetValueOrDefault(day) + 1;
            }

            return this with { Days = days, Position = next, Step = next is null ? Step + 1 : Step };
        }
    }
}
