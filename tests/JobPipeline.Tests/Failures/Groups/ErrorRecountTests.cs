using System.Text.Json;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Failures.Groups;

public sealed class ErrorRecountTests
{
    private static readonly TimeSpan Settled = ErrorRecountJob.Settling + TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Recount_AfterAnInstanceDiedWithABatch_AddsExactlyTheMissingFailures()
    {
        await using var pipeline = TestPipeline.With();
        await FailAsync(pipeline, 3);
        await pipeline.Errors.FlushAsync();
        await using (var dying = pipeline.Another())
        {
            pipeline.Time.Advance(TimeSpan.FromDays(1));
            await FailAsync(dying, 4);
        }

        pipeline.Time.Advance(TimeSpan.FromDays(1));
        await FailAsync(pipeline, 2);
        await pipeline.Errors.FlushAsync();
        Assert.Equal(5, Group(pipeline).Count);
        pipeline.Time.Advance(Settled);

        Assert.Equal((9, 4), await RecountAsync(pipeline));

        Assert.Equal(9, Group(pipeline).Count);
        Assert.Equal([2L, 4L, 3L], Group(pipeline).Days.Select(day => day.Count));
        Assert.Equal((9, 0), await RecountAsync(pipeline));
    }

    [Fact]
    public async Task Recount_WithDeadLettersWithoutAJob_AddsExactlyTheMissingFailures()
    {
        await using var pipeline = TestPipeline.With();
        await DropAsync(pipeline, 2);
        await pipeline.Errors.FlushAsync();
        await using (var dying = pipeline.Another())
            await DropAsync(dying, 5);
        pipeline.Time.Advance(Settled);

        Assert.Equal((7, 5), await RecountAsync(pipeline));

        Assert.Equal(7, Group(pipeline).Count);
    }

    /// <summary>Failures that an instance has not flushed yet are already on record and must not be counted twice.</summary>
    [Fact]
    public async Task Recount_WhileABatchIsPending_LeavesItToItsInstance()
    {
        await using var pipeline = TestPipeline.With();
        await FailAsync(pipeline, 3);
        await pipeline.Errors.FlushAsync();
        pipeline.Time.Advance(Settled);
        await FailAsync(pipeline, 4);

        Assert.Equal((3, 0), await RecountAsync(pipeline));
        await pipeline.Errors.FlushAsync();

        Assert.Equal(7, Group(pipeline).Count);
    }

    [Fact]
    public async Task Recount_LongHistory_SnoozesAndContinuesWhereItStopped()
    {
        SlowHistory? history = null;
        await using var pipeline = TestPipeline.With(services =>
            services.AddSingleton<IErrorGroupHistory>(provider => history = new SlowHistory(
                new InMemoryErrorGroupHistory(provider.GetRequiredService<InMemoryJobStore>()),
                (VirtualTimeProvider)provider.GetRequiredService<TimeProvider>())));
        await FailAsync(pipeline, 450);
        await pipeline.Errors.FlushAsync();
        pipeline.Time.Advance(Settled);
        var group = Group(pipeline);
        await pipeline.Storage.ErrorGroups.Store.TryWriteAsync(
            group,
            group with
            {
                Count = 450 - 40,
                Days = [group.Days[0] with { Count = group.Days[0].Count - 40 }],
            },
            CancellationToken.None);

        var deliveries = 0;
        Assert.Equal((450, 40), await RecountAsync(pipeline, () => deliveries++));

        Assert.Equal(450, Group(pipeline).Count);
        Assert.Equal(5, history!.Reads);
        Assert.Equal(3, deliveries);
    }

    [Fact]
    public async Task Recount_UnknownGroup_EnqueuesNothing()
    {
        await using var pipeline = TestPipeline.With();
        Assert.Null(await pipeline.ErrorGroups.RecountAsync("0000000000000000", CancellationToken.None));
        Assert.Equal(0, pipeline.Messages(PriorityQueues.Low));
    }

    private static ErrorGroup Group(TestPipeline pipeline) => Assert.Single(pipeline.Storage.ErrorGroups.Store.All());

    private static async Task<(long Counted, long Missing)> RecountAsync(TestPipeline pipeline, Action? delivered = null)
    {
        var job = (await pipeline.ErrorGroups.RecountAsync(Group(pipeline).Id, CancellationToken.None))!.Value;
        while (pipeline.Messages(PriorityQueues.Low) > 0)
        {
            await pipeline.DeliverAsync(PriorityQueues.Low);
            delivered?.Invoke();
        }

        var status = await pipeline.StatusAsync(job);
        Assert.Equal((JobState.Succeeded, 1), (status.State, status.Attempt));
        var result = JsonSerializer.Deserialize<ErrorRecountResult>(status.Result.Span, JobJson.Options)!;
        return (result.Counted, result.Missing);
    }

    private static async Task FailAsync(TestPipeline pipeline, int count)
    {
        pipeline.Script.Throws(new IOException("unplugged"));
        for (var i = 0; i < count; i++)
        {
            await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
            await pipeline.DeliverAsync();
        }
    }

    private static async Task DropAsync(TestPipeline pipeline, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await pipeline.DropAsync("no JSON");
            await pipeline.DeliverAsync();
        }
    }

    /// <summary>A history of which each page takes half a minute to read.</summary>
    private sealed class SlowHistory(IErrorGroupHistory inner, VirtualTimeProvider time) : IErrorGroupHistory
    {
        public int Reads { get; private set; }

        public Task<ErrorHistoryPage> ReadAsync(string group, string? position, CancellationToken cancellationToken)
        {
            Reads++;
            time.Advance(TimeSpan.FromSeconds(30));
            return inner.ReadAsync(group, position, cancellationToken);
        }
    }
}
