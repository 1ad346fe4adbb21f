using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>A bulk replay survives the death of its host.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class BulkReplayTests(SharedAzurite azurite)
{
    private const int Count = 5000;

    /// <summary>
    /// The number of replays after which the host is killed; the rest leaves enough time for the kill, even on a slow machine.
    /// </summary>
    private const int Before = Count / 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_HalfwayThrough5000Replays_EnqueuesEachOnce()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var deadLetters = await KeepAsync(producer);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, "JobPipeline:Lease=00:00:10", "JobPipeline:MaxDeaths=10");
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        // The test checks that each job is enqueued exactly once; the jobs need not run.
        using var paused = await api.PostAsync(new Uri("api/queues/jobs-low/pause", UriKind.Relative), null, Token);
        paused.EnsureSuccessStatusCode();
        using var started = await api.PostAsJsonAsync(new Uri("api/dead-letters:replay", UriKind.Relative), new { perSecond = 500 }, Token);
        var bulk = JobId.Parse(
            (await started.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!);

        await Eventually.TrueAsync(async () => (await producer.Jobs.GetAsync(bulk, Token)).Current?.Progress?.Done >= Before,
            $"{Before} letters are replayed", async () => $"{(await producer.Jobs.GetAsync(bulk, Token)).Current}");
        host.Kill();
        var before = (await ReplaysAsync(producer)).Count;
        Assert.InRange(before, Before, Count - 1);
        await host.StartAsync();
        await Eventually.TrueAsync(async () => (await producer.Jobs.GetAsync(bulk, Token)).Record!.Status.State.IsTerminal(),
            "the bulk replay has ended", async () => $"{(await producer.Jobs.GetAsync(bulk, Token)).Record!.Status}");

        var rows = await producer.Jobs.GetAsync(bulk, Token);
        Assert.Equal(JobState.Succeeded, rows.Record!.Status.State);
        // More than one if a lease expired on a busy machine.
        Assert.True(rows.Current!.Deaths >= 1);
        var tally = JsonElement.Parse(rows.Record.Status.Result.Span);
        Assert.Equal(
            (Count, 0, 0),
            (
                tally.GetProperty("replayed").GetInt32(),
                tally.GetProperty("alreadyReplayed").GetInt32(),
                tally.GetProperty("refused").GetInt32()));
        var replays = await ReplaysAsync(producer);
        Assert.Equal(deadLetters.Order(), replays.Select(replay => replay.Letter).Order());
        Assert.Equal(replays.Select(replay => (replay.Letter, replay.Job)).Order(), (await LinksAsync(producer)).Order());
    }

    private static async Task<JobId[]> KeepAsync(Producer producer)
    {
        var now = TimeProvider.System.GetUtcNow();
        // Across several days, so that the list crosses partitions.
        var ids = Enumerable.Range(0, Count).Select(i => JobId.Create(now.AddMinutes(-i))).ToArray();
        var store = producer.Get<IDeadLetterStore>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token };
        await Parallel.ForEachAsync(ids, options, async (id, token) => await store.AddAsync(
            new DeadLetter
            {
                Id = id,
                Reason = DeadLetterReason.PermanentFailure,
                Detail = "failed as requested",
                At = now.AddSeconds(-1),
                Queue = PriorityQueues.Low,
                Type = "test.work",
                Original = Encoding.UTF8.GetBytes("""{ "type": "test.work", "payload": { "milliseconds": 0 } }"""),
            },
            token));
        return ids;
    }

    /// <summary>Returns the stored jobs that are replays.</summary>
    private static async Task<List<(JobId Letter, JobId Job)>> ReplaysAsync(Producer producer)
    {
        var replays = new List<(JobId Letter, JobId Job)>();
        await foreach (var row in producer.Table("Jobs").QueryAsync<TableEntity>(select: ["JobId", "ReplayOf"], cancellationToken: Token))
        {
            if (row.GetString("ReplayOf") is { Length: > 0 } deadLetter)
                replays.Add((JobId.Parse(deadLetter), JobId.Parse(row.GetString("JobId"))));
        }

        return replays;
    }

    /// <summary>Returns the replays recorded on the dead letters.</summary>
    private static async Task<List<(JobId Letter, JobId Job)>> LinksAsync(Producer producer)
    {
        var links = new List<(JobId Letter, JobId Job)>();
        JobId? before = null;
        do
        {
            var page = await producer.Get<IDeadLetterStore>()
                .ListAsync(new DeadLetterFilter { IsReplayed = true }, before, IDeadLetterStore.MaxLimit, Token);
            links.AddRange(page.DeadLetters.Select(deadLetter => (deadLetter.Id, deadLetter.LastReplay!.Job)));
            before = page.Next;
        }
        while (before is not null);
        return links;
    }
}
