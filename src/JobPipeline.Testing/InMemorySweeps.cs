using System.Globalization;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.Testing;

/// <summary>A retention sweep over ordered items in memory.</summary>
internal abstract class InMemorySweep<T>(string kind, int order) : IRetentionSweep
{
    public string Kind => kind;

    public int Order => order;

    public Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken) =>
        Task.FromResult<DateOnly?>(All().Count == 0 ? null : All().Min(DayOf));

    public Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var seen = All()
            .Where(item => DayOf(item) == day && (position is null || string.CompareOrdinal(KeyOf(item), position) > 0))
            .Take(step.Size)
            .ToList();
        var removed = 0;
        DateTimeOffset? lookAgainAt = null;
        foreach (var item in seen)
        {
            var at = LookAgainAt(item, step);
            if (at is null && TryRemove(item))
                removed++;
            else if (lookAgainAt is null || (at ?? step.Now) < lookAgainAt)
                lookAgainAt = at ?? step.Now;
        }

        return Task.FromResult(new SweepResult(removed, seen.Count < step.Size ? null : KeyOf(seen[^1]), lookAgainAt));
    }

    protected abstract IReadOnlyList<T> All();

    protected abstract DateOnly DayOf(T item);

    protected abstract string KeyOf(T item);

    protected abstract DateTimeOffset? LookAgainAt(T item, SweepStep step);

    protected abstract bool TryRemove(T item);
}

/// <summary>A retention sweep that removes ended jobs from memory.</summary>
internal sealed class InMemoryJobSweep(InMemoryJobStore store) : InMemorySweep<JobRecord>("jobs", 0)
{
    protected override IReadOnlyList<JobRecord> All() => [.. store.All().Select(rows => rows.Record!)];

    protected override DateOnly DayOf(JobRecord item) => DateOnly.FromDateTime(item.Id.Timestamp.UtcDateTime);

    protected override string KeyOf(JobRecord item) => item.Id.ToString();

    protected override DateTimeOffset? LookAgainAt(JobRecord item, SweepStep step) => RetentionRules.LookAgainAtJob(item.Status, step);

    protected override bool TryRemove(JobRecord item) => store.TryRemove(item);
}

/// <summary>A retention sweep that removes payloads from memory whose job no longer exists.</summary>
internal sealed class InMemoryPayloadSweep(InMemoryPayloadStore payloads, InMemoryJobStore jobs)
    : InMemorySweep<(PayloadName Name, DateTimeOffset WrittenAt)>("payloads", 1)
{
    protected override IReadOnlyList<(PayloadName Name, DateTimeOffset WrittenAt)> All() => payloads.All();

    protected override DateOnly DayOf((PayloadName Name, DateTimeOffset WrittenAt) item) =>
        DateOnly.ParseExact(item.Name.Path.Split('/')[0], "yyyyMMdd", CultureInfo.InvariantCulture);

    protected override string KeyOf((PayloadName Name, DateTimeOffset WrittenAt) item) => item.Name.Path;

    protected override DateTimeOffset? LookAgainAt((PayloadName Name, DateTimeOffset WrittenAt) item, SweepStep step)
    {
        var job = JobId.Parse(item.Name.Path.Split('/')[1]);
        var status = jobs.All().FirstOrDefault(rows => rows.Record!.Id == job)?.Record!.Status;
        return RetentionRules.LookAgainAtPayload(status, item.WrittenAt, step);
    }

    protected override bool TryRemove((PayloadName Name, DateTimeOffset WrittenAt) item) => payloads.TryRemove(item.Name);
}

/// <summary>A retention sweep that removes old dead letters from memory.</summary>
internal sealed class InMemoryDeadLetterSweep(InMemoryDeadLetterStore deadLetters) : InMemorySweep<DeadLetter>("dead-letters", 2)
{
    protected override IReadOnlyList<DeadLetter> All() => deadLetters.All();

    protected override DateOnly DayOf(DeadLetter item) => DateOnly.FromDateTime(item.Id.Timestamp.UtcDateTime);

    protected override string KeyOf(DeadLetter item) => item.Id.ToString();

    protected override DateTimeOffset? LookAgainAt(DeadLetter item, SweepStep step) =>
        RetentionRules.LookAgainAtDeadLetter(item.At, step);

    protected override bool TryRemove(DeadLetter item) => deadLetters.TryRemove(item.Id);
}

/// <summary>A sweep that removes expired unique keys from memory, in one slice.</summary>
internal sealed class InMemoryUniqueKeySweep(InMemoryUniqueKeyStore keys) : IUniqueKeySweep
{
    public int Slices => 1;

    public Task<int> SweepAsync(int slice, DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        Task.FromResult(keys.RemoveExpired(now));
}
