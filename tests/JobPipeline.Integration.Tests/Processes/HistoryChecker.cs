using Azure.Data.Tables;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// Checks the contents of the real tables and queues after a run. It reads the columns directly and checks the guarantees,
/// independently of the code that implements them.
/// </summary>
internal static class HistoryChecker
{
    private static readonly string[] Terminal = ["Succeeded", "DeadLettered", "Cancelled", "Expired"];

    /// <summary>Waits until every job has ended and the queues are empty, then fails with all violations.</summary>
    public static async Task<HistoryCounts> JudgeAsync(
        Producer producer, IReadOnlyCollection<JobId> jobs, int maxDeaths, params TestHostProcess[] hosts)
    {
        await Eventually.TrueAsync(() => HaveAllEndedAsync(producer, jobs), "every job has ended");
        // The message of an ended job may still be hidden; it is deleted on its next delivery.
        await Eventually.TrueAsync(async () => (await FindLeftoversAsync(producer)).Count == 0, "the queues are empty");
        var rows = await ReadAsync(producer);
        var deadLetters = await ReadLettersAsync(producer);
        Assert.Empty(FindFaults(jobs, rows, deadLetters, [.. hosts.SelectMany(host => host.Starts)], maxDeaths));
        var attempts = rows.Values.SelectMany(own => own.Attempts).ToList();
        return new HistoryCounts(
            rows.Count,
            attempts.Count,
            attempts.Sum(attempt => attempt.GetInt32("Deaths") ?? 0),
            deadLetters.GroupBy(deadLetter => deadLetter.Reason).ToDictionary(group => group.Key, group => group.Count()));
    }

    private static async Task<bool> HaveAllEndedAsync(Producer producer, IReadOnlyCollection<JobId> jobs)
    {
        var rows = await ReadAsync(producer);
        return jobs.All(
            job => rows.TryGetValue(job, out var own) && own.Record is { } record && Terminal.Contains(record.GetString("State")));
    }

    /// <summary>Returns the violations, one line each.</summary>
    private static IReadOnlyList<string> FindFaults(
        IReadOnlyCollection<JobId> jobs,
        Dictionary<JobId, (TableEntity? Record, List<TableEntity> Attempts)> rows,
        IReadOnlyList<DeadLetter> deadLetters,
        string[] starts,
        int maxDeaths)
    {
        var faults = new List<string>();
        faults.AddRange(jobs.Where(job => !rows.ContainsKey(job)).Select(job => $"{job} is lost: no row is stored"));
        faults.AddRange(rows.Keys.Except(jobs).Select(job => $"{job} is stored, but was never submitted"));
        var startsOf = starts.GroupBy(line => line, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        foreach (var (job, (record, attempts)) in rows)
            faults.AddRange(Errors(record, attempts, startsOf, maxDeaths).Select(fault => $"{job} {fault}"));
        var deadLettered = rows.Where(own => own.Value.Record?.GetString("State") == "DeadLettered")
            .ToDictionary(own => own.Key, own => own.Value);
        faults.AddRange(deadLettered.Keys.Except(deadLetters.Select(deadLetter => deadLetter.Id)).Select(
            job => $"{job} has no dead letter"));
        foreach (var deadLetter in deadLetters)
        {
            if (deadLettered.TryGetValue(deadLetter.Id, out var own))
            {
                faults.AddRange(
                    DeadLetterCheck.Find(deadLetter, own.Record!, own.Attempts, maxDeaths)
                        .Select(fault => $"{deadLetter.Id} has a dead letter that {fault}"));
                continue;
            }

            var state = rows.GetValueOrDefault(deadLetter.Id).Record?.GetString("State") ?? "no job";
            faults.Add($"{deadLetter.Id} has a dead letter ({deadLetter.Reason}: {deadLetter.Detail}), but is {state}");
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> FindLeftoversAsync(Producer producer)
    {
        var leftovers = new List<string>();
        foreach (var queue in PriorityQueues.All.SelectMany(queue => new[] { queue, PriorityQueues.PoisonOf(queue) }))
        {
            var properties = await producer.Queue(queue).GetPropertiesAsync(TestContext.Current.CancellationToken);
            var left = properties.Value.ApproximateMessagesCount;
            if (left > 0)
                leftovers.Add($"{left} messages are left on {queue}");
        }

        return leftovers;
    }

    private static IEnumerable<string> Errors(
        TableEntity? record, List<TableEntity> attempts, Dictionary<string, int> starts, int maxDeaths)
    {
        if (record is null)
        {
            yield return "has attempts but no record";
            yield break;
        }

        var state = record.GetString("State");
        if (!Terminal.Contains(state))
            yield return $"never ended: {state}";
        if (!attempts.Select(a => a.GetInt32("Number")!.Value).SequenceEqual(Enumerable.Range(1, attempts.Count)))
            yield return "has gaps between its attempt numbers";
        if (record.GetInt32("Attempt") != attempts.Count)
            yield return $"is stored with attempt {record.GetInt32("Attempt")}, but has {attempts.Count} rows";
        if (attempts.SkipLast(1).Any(a => a.GetString("State") != "Failed"))
            yield return "continued after an attempt that had not failed";
        if (attempts.Count(a => a.GetString("State") == "Succeeded") != (state == "Succeeded" ? 1 : 0))
            yield return "does not have exactly one success";
        foreach (var attempt in attempts)
        {
            var deaths = attempt.GetInt32("Deaths") ?? 0;
            if (deaths > maxDeaths)
                yield return $"killed {deaths} workers";
            var started = starts.GetValueOrDefault($"{attempt.GetString("JobId")} {attempt.GetInt32("Number")}");
            if (attempt.GetString("State") == "Succeeded" && started == 0)
                yield return "succeeded without having run";
        }
    }

    private static async Task<IReadOnlyList<DeadLetter>> ReadLettersAsync(Producer producer)
    {
        var deadLetters = new List<DeadLetter>();
        var store = producer.Get<IDeadLetterStore>();
        var rows = producer.Table("DeadLetters")
            .QueryAsync<TableEntity>(select: ["JobId"], cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var row in rows)
            deadLetters.Add((await store.ReadAsync(JobId.Parse(row.GetString("JobId")), TestContext.Current.CancellationToken))!);
        return deadLetters;
    }

    private static async Task<Dictionary<JobId, (TableEntity? Record, List<TableEntity> Attempts)>> ReadAsync(Producer producer)
    {
        var jobs = new Dictionary<JobId, (TableEntity? Record, List<TableEntity> Attempts)>();
        await foreach (var row in producer.Table("Jobs").QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
        {
            var id = JobId.Parse(row.GetString("JobId"));
            var own = jobs.GetValueOrDefault(id, (null, []));
            if (row.ContainsKey("Number"))
                own.Attempts.Add(row);
            else
                own.Record = row;
            jobs[id] = own;
        }

        return jobs;
    }
}

/// <summary>The totals of a run, from the stored rows.</summary>
internal sealed record HistoryCounts(int Jobs, int Attempts, int Deaths, IReadOnlyDictionary<DeadLetterReason, int> DeadLetters)
{
    public override string ToString()
    {
        var deadLetters = string.Join(", ", DeadLetters.Select(entry => $"{entry.Value} {entry.Key}").DefaultIfEmpty("none"));
        return $"{Jobs} jobs, {Attempts} attempts, {Deaths} worker crashes counted, dead letters: {deadLetters}";
    }
}
