using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Limits;

/// <summary>Limits as a job author sees them.</summary>
public sealed class LimitTests
{
    private const int Jobs = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_WithARate_StartAtItsPace()
    {
        await using var harness = Harness(("Limits:stripe:Rate", "6/00:01:00"), ("Jobs:limited:Limits:0", "stripe"));
        var begin = harness.Time.GetUtcNow();
        var ids = await EnqueueAsync(harness, 5, tenant: null);

        await harness.RunUntilIdleAsync(Token);

        Assert.All(ids, id => Assert.Equal(JobState.Succeeded, harness.GetStateAsync(id, Token).Result));
        var starts = LimitedJob.Starts(harness).Select(start => start - begin).ToList();
        Assert.Equal(5, starts.Count);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(10), $"{pair}"));
        Assert.True(starts[^1] < TimeSpan.FromSeconds(50), $"the last started after {starts[^1]}");
    }

    [Fact]
    public async Task Jobs_OfAnotherTenant_DoNotWait()
    {
        await using var harness = Harness(
            ("Limits:customers:Rate", "1/00:01:00"), ("Limits:customers:Key", "tenant"), ("Jobs:limited:Limits:0", "customers"));
        var begin = harness.Time.GetUtcNow();
        await EnqueueAsync(harness, 3, "acme");
        await EnqueueAsync(harness, 1, "other");

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(2, LimitedJob.Starts(harness).Count(start => start - begin < TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Jobs_WithAKeyOfThePayload_AreDividedByIt()
    {
        await using var harness = Harness(
            ("Limits:accounts:Rate", "1/00:01:00"), ("Limits:accounts:Key", "payload.account"), ("Jobs:limited:Limits:0", "accounts"));
        var begin = harness.Time.GetUtcNow();
        foreach (var account in new[] { "a", "a", "b" })
            await harness.EnqueueAsync("limited", new LimitedJob.Payload(account), Token);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(2, LimitedJob.Starts(harness).Count(start => start - begin < TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Job_ThatALimitDrops_IsCancelled()
    {
        await using var harness = Harness(
            ("Limits:once:Rate", "1/01:00:00"), ("Limits:once:OnLimit", "Drop"), ("Jobs:limited:Limits:0", "once"));
        var ids = await EnqueueAsync(harness, 2, tenant: null);

        await harness.RunUntilIdleAsync(Token);

        var second = await harness.GetAsync(ids[1], Token);
        Assert.Equal(JobState.Cancelled, second.Record!.Status.State);
        Assert.Equal("not started, because it waits at limit 'once'", second.Record.Status.Reason);
    }

    [Fact]
    public async Task Job_ThatWaits_TellsWhyAndHasNoMessage()
    {
        await using var harness = Harness(
            ("Limits:closed:Rate", "1/01:00:00"), ("Limits:closed:Key", "tenant"), ("Jobs:limited:Limits:0", "closed"));
        await harness.Services.GetRequiredService<LimitControl>().CloseAsync(
            new GateId("closed", "acme"), until: null, "ada", "maintenance", Token);
        var id = (await EnqueueAsync(harness, 1, "acme"))[0];
        await RunDueAsync(harness);

        var record = (await harness.GetAsync(id, Token)).Record!;
        var why = Assert.Single(await harness.Services.GetRequiredService<WaitReasons>().ExplainAsync(record, Token));

        Assert.Equal("limit", why.Kind);
        Assert.StartsWith("limit 'closed' for 'acme' is closed by ada at ", why.Detail, StringComparison.Ordinal);
        Assert.EndsWith(": maintenance", why.Detail, StringComparison.Ordinal);
        Assert.Equal(JobState.Queued, record.Status.State);
    }

    [Fact]
    public async Task Change_WhileJobsWait_LetsThemStart()
    {
        await using var harness = Harness(("Limits:slow:Rate", "1/1.00:00:00"), ("Jobs:limited:Limits:0", "slow"));
        var begin = harness.Time.GetUtcNow();
        var ids = await EnqueueAsync(harness, 3, tenant: null);
        await RunDueAsync(harness);
        var control = harness.Services.GetRequiredService<LimitControl>();
        var rule = new JobPipeline.Limits.Rules.LimitRule(2, null);

        await control.ChangeAsync(new GateId("slow", ""), rule, "ada", "it is urgent", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.All(ids, id => Assert.Equal(JobState.Succeeded, harness.GetStateAsync(id, Token).Result));
        Assert.All(LimitedJob.Starts(harness), start => Assert.True(start - begin < TimeSpan.FromMinutes(1), $"{start - begin}"));
    }

    [Fact]
    public async Task Jobs_ThatWaitForHours_CostNoMoreThanThoseOfAMinute()
    {
        var (brief, lasting) = (await CostOfWaitAsync(TimeSpan.FromMinutes(1)), await CostOfWaitAsync(TimeSpan.FromHours(8)));

        // A closed gate has one turn an hour.
        Assert.InRange(lasting - brief, 0, 8 * 4);
        // The harness runs one job at a time, so each is parked, granted by a turn of two operations, and redeemed alone.
        Assert.InRange(brief, Jobs, (4 * Jobs) + 20);
    }

    [Fact]
    public async Task Jobs_OfATypeWithoutLimits_CostNothing()
    {
        await using var harness = Harness(("Limits:other:Concurrency", "1"));
        await EnqueueAsync(harness, 10, tenant: null);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(0, Store(harness).Operations);
    }

    [Fact]
    public async Task Jobs_BelowTheirLimit_ShareWrites()
    {
        await using var harness = Harness(("Limits:wide:Concurrency", "100"), ("Jobs:limited:Limits:0", "wide"));
        await EnqueueAsync(harness, 100, tenant: null);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(100, LimitedJob.Starts(harness).Count);
        Assert.InRange(Store(harness).Operations, 1, 10);
    }

    [Theory]
    [InlineData("Limits:a:Burst", "3", "JobPipeline:Limits:a limits nothing")]
    [InlineData("Limits:a:Rate", "3 per hour", "JobPipeline:Limits:a:Rate is '3 per hour'")]
    [InlineData("Limits:a:Key", "customer", "JobPipeline:Limits:a:Key is 'customer'")]
    [InlineData("Jobs:limited:Limits:0", "stripes", "names 'stripes', which is not a limit")]
    public void Settings_ThatMakeNoSense_FailTheStart(string key, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Harness((key, value), ("Limits:stripe:Concurrency", "1")));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The operations on the store of limits for jobs that wait at a closed gate and then start.</summary>
    private static async Task<long> CostOfWaitAsync(TimeSpan wait)
    {
        await using var harness = Harness(("Limits:closed:Concurrency", "10"), ("Jobs:limited:Limits:0", "closed"));
        var control = harness.Services.GetRequiredService<LimitControl>();
        await control.CloseAsync(new GateId("closed", ""), harness.Time.GetUtcNow() + wait, "ada", "a long night", Token);
        await EnqueueAsync(harness, Jobs, tenant: null);
        await harness.RunUntilIdleAsync(Token);
        Assert.Equal(Jobs, LimitedJob.Starts(harness).Count);
        return Store(harness).Operations;
    }

    private static InMemoryLimitStore Store(JobTestHarness harness) =>
        Assert.IsType<InMemoryLimitStore>(harness.Services.GetRequiredService<ILimitStore>());

    private static JobTestHarness Harness(params (string Key, string Value)[] settings) => new(new JobTestHarnessOptions
    {
        Handlers = [typeof(LimitedJob)],
        Configuration = [.. settings.Select(setting => KeyValuePair.Create("JobPipeline:" + setting.Key, (string?)setting.Value))],
        ConfigureServices = services => services
            .AddSingleton(new LimitedJob.Log())
            .AddSingleton<IExpressionEvaluator, Rig.PathEvaluator>(),
    });

    /// <summary>Runs what is due now, without moving the clock.</summary>
    private static async Task RunDueAsync(JobTestHarness harness)
    {
        bool hasRun;
        do
            hasRun = await harness.RunNextAsync(Token);
        while (hasRun);
    }

    private static async Task<List<JobId>> EnqueueAsync(JobTestHarness harness, int count, string? tenant)
    {
        var ids = new List<JobId>();
        for (var i = 0; i < count; i++)
        {
            var request = JobRequest.For("limited", new LimitedJob.Payload("x")) with { Tenant = tenant };
            ids.Add(await harness.EnqueueAsync(request));
        }

        return ids;
    }

    [Job("limited")]
    internal sealed class LimitedJob(LimitedJob.Log log, TimeProvider time) : IJobHandler<LimitedJob.Payload>
    {
        public static IReadOnlyList<DateTimeOffset> Starts(JobTestHarness harness) => harness.Services.GetRequiredService<Log>().Starts;

        public Task<JobOutcome> HandleAsync(Payload payload, JobContext context, CancellationToken cancellationToken)
        {
            log.Starts.Add(time.GetUtcNow());
            return Task.FromResult(JobOutcome.Success());
        }

        internal sealed record Payload(string Account);

        internal sealed class Log
        {
            public List<DateTimeOffset> Starts { get; } = [];
        }
    }
}
