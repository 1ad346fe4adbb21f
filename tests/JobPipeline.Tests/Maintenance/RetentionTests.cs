using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Maintenance;

/// <summary>Tests of weeks of jobs in virtual time. A day is swept after the retention, the whole day, and one more hour.</summary>
public sealed class RetentionTests
{
    private static readonly (string, string)[] TwoDays = [("JobPipeline:Retention", "2.00:00:00"), ("JobPipeline:KeyLifetime", "01:00:00")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AfterTheRetention_RemovesTheJobAndItsData()
    {
        await using var pipeline = TestPipeline.With(TwoDays);
        var large = JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = new string('x', JobLimits.MaxMessageBytes) }) with
        {
            Key = "once",
        };
        var id = await pipeline.EnqueueAsync(large);
        pipeline.Script.Throws(new JobRejectedException("no"));
        await pipeline.DeliverAsync();
        Assert.NotNull(await pipeline.LetterAsync(id));

        pipeline.Time.Advance(TimeSpan.FromDays(2));
        await SettleAsync(pipeline);
        Assert.NotNull((await pipeline.RowsAsync(id)).Record);

        pipeline.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(2));
        var removed = await SettleAsync(pipeline);

        Assert.Equal((1, 1, 1), (removed["jobs"], removed["payloads"], removed["dead-letters"]));
        Assert.Null((await pipeline.RowsAsync(id)).Record);
        Assert.Null(await pipeline.LetterAsync(id));
        Assert.Null(await pipeline.Storage.Payloads.ReadAsync(PayloadName.Payload(id), Token));
        Assert.Null(await pipeline.Storage.Keys.ReadAsync(ScriptedJob.Type, "once", Token));
    }

    [Fact]
    public async Task Run_WithAnOpenJob_KeepsItUntilItEndedAndItsRetentionIsOver()
    {
        await using var pipeline = TestPipeline.With(TwoDays);
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        var id = await pipeline.EnqueueAsync(
            JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = new string('x', JobLimits.MaxMessageBytes) }));
        for (var day = 0; day < 6; day++)
        {
            pipeline.Time.Advance(TimeSpan.FromDays(1));
            await SettleAsync(pipeline);
        }

        Assert.NotNull((await pipeline.RowsAsync(id)).Record);
        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", Token);
        await pipeline.DeliverAsync();
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        pipeline.Time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(1));
        await SettleAsync(pipeline);
        Assert.NotNull((await pipeline.RowsAsync(id)).Record);

        pipeline.Time.Advance(TimeSpan.FromDays(2));
        await SettleAsync(pipeline);
        pipeline.Time.Advance(TimeSpan.FromDays(1));
        await SettleAsync(pipeline);

        Assert.Null((await pipeline.RowsAsync(id)).Record);
        Assert.Null(await pipeline.Storage.Payloads.ReadAsync(PayloadName.Payload(id), Token));
        Assert.Empty(await pipeline.Storage.Ledger.ListDueAsync(DateTimeOffset.MaxValue.AddDays(-1), 10, Token));
    }

    [Fact]
    public async Task Run_InSmallSteps_ContinuesWhereItStoppedOnAnyInstance()
    {
        (string, string)[] settings =
        [
            .. TwoDays,
            ("JobPipeline:Housekeeping:StepSize", "3"),
            ("JobPipeline:Housekeeping:StepsPerRun", "2"),
        ];
        await using var first = TestPipeline.With(settings);
        await using var second = first.Another(settings);
        var ids = new List<JobId>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await first.EnqueueAsync());
            await first.DeliverAsync();
        }

        first.Time.Advance(TimeSpan.FromDays(4));
        var runs = 0;
        foreach (var pipeline in Enumerable.Repeat<TestPipeline[]>([first, second], 20).SelectMany(pair => pair))
        {
            if (await RunAsync(pipeline) is not { } report)
                continue;
            runs++;
            Assert.InRange(report.Removed["jobs"], 0, 6);
            if (!report.HasMore)
                break;
        }

        Assert.InRange(runs, 4, 20);
        foreach (var id in ids)
            Assert.Null((await first.RowsAsync(id)).Record);
        // Nothing more for an hour, on any instance.
        Assert.Null(await RunAsync(first));
        Assert.Null(await RunAsync(second));
        first.Time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await RunAsync(second));
        Assert.Null(await RunAsync(first));
    }

    [Fact]
    public async Task Run_WhileAnotherInstanceSweeps_WaitsUntilThatOneIsOverdue()
    {
        await using var pipeline = TestPipeline.With(TwoDays);
        await RunAsync(pipeline);
        pipeline.Time.Advance(TimeSpan.FromHours(1));
        var mark = (await pipeline.Storage.Ledger.ReadAsync(Token))!;
        await pipeline.Storage.Ledger.TryWriteAsync(mark with { HeldUntil = pipeline.Now + TimeSpan.FromMinutes(5) }, Token);

        Assert.Null(await RunAsync(pipeline));
        pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await RunAsync(pipeline));
    }

    [Fact]
    public async Task Run_ThatFailsHalfway_KeepsItsPositionAndIsRepeated()
    {
        var sweep = new FailingSweep();
        await using var pipeline = TestPipeline.With(services => services.AddSingleton<IRetentionSweep>(sweep));
        pipeline.Time.Advance(TimeSpan.FromDays(40));

        var report = await pipeline.Maintenance.RunAsync(pipeline.Now, Token);

        Assert.NotNull(report.Rescue);
        Assert.Null(report.Retention);
        Assert.Contains(pipeline.Log.Entries, entry => entry.Event.Id == 1403);
        Assert.Equal(
            new SweepPlace(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), sweep.Kind),
            (await pipeline.Storage.Ledger.ReadAsync(Token))!.Place);
        sweep.IsFailing = false;
        pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await RunAsync(pipeline));
    }

    [Fact]
    public void LookAgain_EachKind_ReturnsWhetherItIsOver()
    {
        var now = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
        var step = new SweepStep(now, now.AddDays(-30), 10);
        static JobStatus Status(JobState state, DateTimeOffset since) => new() { State = state, Attempt = 1, Since = since };

        foreach (var state in Enum.GetValues<JobState>())
        {
            Assert.Equal(state.IsTerminal(), RetentionRules.LookAgainAtJob(Status(state, now.AddYears(-9)), step) is null);
            Assert.NotNull(RetentionRules.LookAgainAtJob(Status(state, step.Over), step));
        }

        Assert.Equal(now.AddDays(1), RetentionRules.LookAgainAtJob(Status(JobState.Succeeded, now.AddDays(-29)), step));
        Assert.Null(RetentionRules.LookAgainAtPayload(null, now.AddDays(-2), step));
        Assert.NotNull(RetentionRules.LookAgainAtPayload(null, now.AddHours(-1), step));
        Assert.NotNull(RetentionRules.LookAgainAtPayload(Status(JobState.Succeeded, now.AddYears(-9)), now.AddYears(-9), step));
    }

    private static async Task<RetentionReport?> RunAsync(TestPipeline pipeline) =>
        (await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Retention;

    /// <summary>Runs until nothing is left to remove.</summary>
    private static async Task<Dictionary<string, int>> SettleAsync(TestPipeline pipeline)
    {
        var removed = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var run = 0; run < 50; run++)
        {
            var report = Assert.IsType<RetentionReport>(await RunAsync(pipeline));
            foreach (var (kind, count) in report.Removed)
                removed[kind] = removed.GetValueOrDefault(kind) + count;
            if (!report.HasMore)
                return removed;
        }

        throw new InvalidOperationException("the sweep does not end");
    }

    private sealed class FailingSweep : IRetentionSweep
    {
        public bool IsFailing { get; set; } = true;

        public string Kind => "others";

        public int Order => 3;

        public Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken) =>
            Task.FromResult<DateOnly?>(new DateOnly(2026, 11, 1));

        public Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken) =>
            IsFailing ? throw new IOException("no answer") : Task.FromResult(new SweepResult(0));
    }
}
