using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Tests.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Failures.Groups;

public sealed class ErrorCounterTests
{
    private readonly TracedErrorGroups _storage = new();
    private readonly CapturedLog _log = new();

    [Fact]
    public async Task Flush_ManyFailuresInFewGroups_CostsOneOperationPerGroup()
    {
        var counter = Counter();
        See(counter, failures: 300, groups: 3);
        await counter.FlushAsync();
        _storage.Calls.Clear();

        See(counter, failures: 10_000, groups: 3);
        await counter.FlushAsync();

        Assert.Equal(["write", "write", "write"], _storage.Calls);
        Assert.Equal(10_300, _storage.Store.All().Sum(group => group.Count));
    }

    [Fact]
    public async Task Flush_FirstFailure_WritesAndLogsTheNewGroup()
    {
        var counter = Counter();
        See(counter, failures: 1, groups: 1);

        await counter.FlushAsync();
        await counter.FlushAsync();

        Assert.Equal(["read", "write"], _storage.Calls);
        Assert.Contains("New error group", Assert.Single(_log.Entries, entry => entry.Event.Id == 1500).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_ByManyInstancesAtOnce_LosesNothing()
    {
        var counters = Enumerable.Range(0, 8).Select(i => Counter($"instance{i}")).ToList();
        for (var round = 0; round < 5; round++)
        {
            await Parallel.ForEachAsync(counters, TestContext.Current.CancellationToken, async (counter, _) =>
            {
                See(counter, failures: 30, groups: 3);
                await counter.FlushAsync();
            });
        }

        foreach (var counter in counters)
            await counter.FlushAsync();

        Assert.Equal([400L, 400L, 400L], _storage.Store.All().Select(group => group.Count));
    }

    [Fact]
    public async Task Flush_WhileOthersCount_LosesNothing()
    {
        var counter = Counter();
        var counting = Enumerable
            .Range(0, 4)
            .Select(_ => Task.Run(() => See(counter, failures: 5_000, groups: 3), TestContext.Current.CancellationToken))
            .ToList();
        while (!counting.TrueForAll(task => task.IsCompleted))
            await counter.FlushAsync();
        await Task.WhenAll(counting);
        await counter.FlushAsync();

        Assert.Equal(20_000, _storage.Store.All().Sum(group => group.Count));
    }

    [Fact]
    public async Task Flush_WhileStorageIsUnavailable_KeepsTheFailuresAndContinuesCounting()
    {
        var counter = Counter();
        _storage.FailsBefore = static _ => true;
        for (var i = 0; i < 3; i++)
        {
            See(counter, failures: 10, groups: 2);
            await counter.FlushAsync();
        }

        _storage.FailsBefore = static _ => false;
        await counter.FlushAsync();

        Assert.Equal([15L, 15L], _storage.Store.All().Select(group => group.Count));
        Assert.Equal(3, _log.Entries.Count(entry => entry.Event.Id == 1502));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flush_WhoseResponseIsLost_CountsOnceAndLogsTheNewGroup(bool isReadLostToo)
    {
        var counter = Counter();
        See(counter, failures: 10, groups: 1);
        _storage.FailsAfter = static call => call == "write";
        await counter.FlushAsync();
        _storage.FailsAfter = call => isReadLostToo && call == "read";
        See(counter, failures: 5, groups: 1);
        await counter.FlushAsync();
        _storage.FailsAfter = static _ => false;
        await counter.FlushAsync();

        Assert.Equal(15, Assert.Single(_storage.Store.All()).Count);
        Assert.Single(_log.Entries, entry => entry.Event.Id == 1500);
    }

    /// <summary>An abandoned write arrives after all, between the read of the row and the next write.</summary>
    [Fact]
    public async Task Flush_WhoseWriteArrivesLate_CountsOnce()
    {
        var counter = Counter();
        ErrorGroup? late = null;
        _storage.FailsBefore = static call => call == "write";
        See(counter, failures: 10, groups: 1);
        await counter.FlushAsync();
        _storage.FailsBefore = static _ => false;

        // The same batch, written by the abandoned request.
        _storage.Before = async call =>
        {
            if (call != "write" || late is not null)
                return;
            late = ErrorGroupRules.New(Batches.Of(10, instance: InstanceOf("worker"), sequence: 1) with { Group = GroupOf(0) });
            await _storage.Store.TryWriteAsync(null, late, CancellationToken.None);
        };
        See(counter, failures: 5, groups: 1);
        await counter.FlushAsync();

        Assert.NotNull(late);
        Assert.Equal(15, Assert.Single(_storage.Store.All()).Count);
    }

    [Fact]
    public async Task Seen_MoreGroupsThanTheLimit_CountsByJobType()
    {
        var counter = Counter(maxPending: 10);
        See(counter, failures: 1000, groups: 100);

        await counter.FlushAsync();

        var groups = _storage.Store.All();
        Assert.Equal(11, groups.Count);
        Assert.Equal(1000, groups.Sum(group => group.Count));
        Assert.Equal(900, Assert.Single(groups, group => group.ExceptionType == "TooManyErrorGroups").Count);
        Assert.Single(_log.Entries, entry => entry.Event.Id == 1503);
    }

    [Fact]
    public async Task Seen_ManyGroupsOneAfterTheOther_CountsEach()
    {
        var counter = Counter(maxPending: 10);
        for (var group = 0; group < 100; group++)
        {
            counter.Seen("mail.send", Error(group), Golden.Id, 1);
            await counter.FlushAsync();
        }

        Assert.Equal(100, _storage.Store.All().Count);
    }

    [Fact]
    public async Task Flush_RemovedGroup_StartsFromZero()
    {
        var counter = Counter();
        See(counter, failures: 3, groups: 1);
        await counter.FlushAsync();
        Assert.True(await _storage.Store.TryRemoveAsync(Assert.Single(_storage.Store.All()), CancellationToken.None));

        See(counter, failures: 2, groups: 1);
        await counter.FlushAsync();

        Assert.Equal(2, Assert.Single(_storage.Store.All()).Count);
    }

    [Fact]
    public async Task Flush_OverMidnight_CountsByDay()
    {
        var counter = Counter();
        counter.Seen("mail.send", Error(0) with { At = Batches.At.AddHours(-10) }, Golden.Id, 1);
        counter.Seen("mail.send", Error(0), Golden.Id, 2);
        counter.Seen(null, Error(0), Golden.Id, 3);
        await counter.FlushAsync();

        var group = Assert.Single(_storage.Store.All());
        Assert.Equal([new ErrorDay(Batches.Day, 2), new ErrorDay(Batches.Day.AddDays(-1), 1)], group.Days);
        Assert.Equal(["mail.send"], group.JobTypes);
    }

    private ErrorCounter Counter(string worker = "worker", int maxPending = 200) => new(
        _storage,
        new JobMetrics(),
        new WorkerIdentity(worker),
        Options.Create(new ErrorGroupOptions { MaxPending = maxPending }),
        Options.Create(new JobPipelineOptions { Release = "1.0.0" }),
        new CapturedLogger<ErrorCounter>(_log));

    private static string InstanceOf(string worker) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(worker)).AsSpan(0, 6));

    private static void See(ErrorCounter counter, int failures, int groups)
    {
        for (var i = 0; i < failures; i++)
            counter.Seen("mail.send", Error(i % groups), Golden.Id, 1);
    }

    private static string GroupOf(int group) => $"{group:x16}";

    private static AttemptError Error(int group) =>
        new(ErrorKind.Transient, "System.IO.IOException", $"broken {group}", null, Batches.At, TimeSpan.Zero, "worker")
        {
            Group = GroupOf(group),
        };
}
