using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Limits.Permits;

/// <summary>Permits inside a handler, as a job author sees them.</summary>
public sealed class HandlerLimitTests
{
    private readonly Script _script = new();
    private readonly CapturedLog _log = new();
    private readonly List<DateTimeOffset> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_WithinFiveSeconds_WaitsInPlace()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:01"));
        var begin = harness.Time.GetUtcNow();
        _script.Act = CallsAsync(harness, 4);
        var id = await EnqueueAsync(harness);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Single(_script.Starts);
        Assert.Equal([0, 1, 2, 3], _calls.Select(call => (int)(call - begin).TotalSeconds));
    }

    [Fact]
    public async Task Acquire_OfAPermitThatIsFarOff_DefersTheJobWithoutAnAttempt()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:01:00"));
        var begin = harness.Time.GetUtcNow();
        _script.Act = CallsAsync(harness, 1);
        var ids = new List<JobId>();
        for (var i = 0; i < 4; i++)
            ids.Add(await EnqueueAsync(harness));

        await harness.RunUntilIdleAsync(Token);

        Assert.All(ids, id => Assert.Equal(JobState.Succeeded, harness.GetStateAsync(id, Token).Result));
        Assert.All(_script.Starts, start => Assert.Equal(1, start.Attempt));
        Assert.Equal([0, 60, 120, 180], _calls.Select(call => (int)Math.Round((call - begin).TotalSeconds)));
        // Each came back when it was its turn, not all of them every time.
        Assert.Equal(7, _script.Starts.Count);
    }

    [Fact]
    public async Task Acquire_OfAFixedWindow_WaitsForTheNextOne()
    {
        await using var harness = Harness(("stripe:Rate", "2/00:01:00"), ("stripe:Algorithm", "FixedWindow"));
        harness.Time.Advance(TimeSpan.FromSeconds(57));
        var begin = harness.Time.GetUtcNow();
        _script.Act = CallsAsync(harness, 3);
        await EnqueueAsync(harness);

        await harness.RunUntilIdleAsync(Token);

        // The window ends after three seconds, and the next one gives its permits two seconds later.
        Assert.Equal([0, 0, 5], _calls.Select(call => (int)(call - begin).TotalSeconds));
        Assert.Single(_script.Starts);
    }

    [Fact]
    public async Task Acquire_OfALimitThatAdmitsTheJob_SharesItsRate()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:02"));
        var begin = harness.Time.GetUtcNow();
        _script.Act = CallsAsync(harness, 1);
        await EnqueueAsync(harness, "scripted.limited");

        await harness.RunUntilIdleAsync(Token);

        Assert.InRange(Assert.Single(_calls) - begin, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public async Task Acquire_OfALimitWithoutARate_GivesThePermitAtOnce()
    {
        await using var harness = Harness(("stripe:Concurrency", "1"));
        _script.Act = CallsAsync(harness, 50);
        var id = await EnqueueAsync(harness, "scripted.limited");

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Equal(_calls[0], _calls[^1]);
        Assert.InRange(Store(harness).Operations, 1, 5);
    }

    [Fact]
    public async Task Acquire_OfAClosedLimit_IsRefusedAndTheReasonIsOnRecord()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:01"));
        var begin = harness.Time.GetUtcNow();
        var control = harness.Services.GetRequiredService<LimitControl>();
        await control.CloseAsync(new GateId("stripe", ""), begin + TimeSpan.FromMinutes(7), "ada", "maintenance", Token);
        _script.Act = CallsAsync(harness, 1);
        var id = await EnqueueAsync(harness);

        await harness.RunNextAsync(Token);
        Assert.Contains(": maintenance until ", (await harness.GetAsync(id, Token)).Record!.Status.Reason, StringComparison.Ordinal);
        await harness.RunUntilIdleAsync(Token);

        Assert.InRange(Assert.Single(_calls) - begin, TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(7.1));
    }

    [Fact]
    public async Task Acquire_WhenAnotherInstanceClosesTheLimitMeanwhile_IsRefused()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:04"));
        var (store, id) = (Store(harness), new GateId("stripe", ""));
        var limit = harness.Services.GetRequiredService<IJobLimits>()["stripe"];
        await limit.AcquireAsync(Token);
        var waiting = limit.AcquireAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);

        var closed = await store.ReadMeterAsync(id, Token) with { BlockedUntil = harness.Time.GetUtcNow() + TimeSpan.FromMinutes(1) };
        Assert.NotNull(await store.TryWriteAsync(new GateChange(id, closed), Token));
        harness.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<JobThrottledException>(() => waiting);
    }

    [Fact]
    public async Task Acquire_WithTheJobsKey_CountsForItsTenantAlone()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:01:00"), ("stripe:Key", "tenant"));
        var begin = harness.Time.GetUtcNow();
        _script.Act = CallsAsync(harness, 1);
        await EnqueueAsync(harness, tenant: "acme");
        await EnqueueAsync(harness, tenant: "other");

        await harness.RunUntilIdleAsync(Token);

        Assert.All(_calls, call => Assert.Equal(begin, call));
        Assert.NotNull((await Store(harness).ReadMeterAsync(new GateId("stripe", "acme"), Token)).NextArrival);
    }

    [Fact]
    public async Task Acquire_OfTheInjectedService_GoesByTheRunningJob()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:01:00"), ("stripe:Key", "tenant"));
        var limits = harness.Services.GetRequiredService<IJobLimits>();
        _script.Act = async (_, token) =>
        {
            await limits["stripe"].AcquireAsync(token);
            return JobOutcome.Success();
        };
        await EnqueueAsync(harness, tenant: "acme");
        await harness.RunUntilIdleAsync(Token);

        await limits["stripe"].AcquireAsync(Token);
        await limits["stripe", "other"].AcquireAsync(Token);

        foreach (var key in new[] { "acme", "", "other" })
            Assert.NotNull((await Store(harness).ReadMeterAsync(new GateId("stripe", key), Token)).NextArrival);
        await Assert.ThrowsAsync<JobThrottledException>(async () => await limits["stripe", "other"].AcquireAsync(Token));
    }

    [Fact]
    public async Task Acquire_WhenTheRunIsCancelled_StopsWaiting()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:04"));
        await harness.Services.GetRequiredService<IJobLimits>()["stripe"].AcquireAsync(Token);
        // Without a token of its own.
        _script.Act = async (context, _) =>
        {
            await context.Limits["stripe"].AcquireAsync(CancellationToken.None);
            return JobOutcome.Success();
        };
        var id = await harness.EnqueueAsync(
            JobRequest.For(ScriptedJob.Type, new { }) with { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 });

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.DeadLettered, await harness.GetStateAsync(id, Token));
    }

    [Fact]
    public async Task Limits_OfANameThatIsNotConfigured_SaysWhichAre()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:01"), ("mail:Concurrency", "1"));

        var error = Assert.Throws<ArgumentException>(() => harness.Services.GetRequiredService<IJobLimits>()["strip"]);

        Assert.StartsWith(
            "Limit 'strip' is not configured: add JobPipeline:Limits:strip; the limits are mail, stripe; did you mean 'stripe'?",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_WithAKeyForALimitThatHasNone_AreRefused()
    {
        await using var harness = Harness(("stripe:Rate", "1/00:00:01"));

        var error = Assert.Throws<ArgumentException>(() => harness.Services.GetRequiredService<IJobLimits>()["stripe", "acme"]);

        Assert.Contains("JobPipeline:Limits:stripe:Key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permits_ThatManyAskForTogether_ShareWrites()
    {
        await using var harness = Harness(("stripe:Rate", "1000/00:00:01"), ("stripe:Burst", "1000"));
        var limit = harness.Services.GetRequiredService<IJobLimits>()["stripe"];

        for (var i = 0; i < 500; i++)
            await limit.AcquireAsync(Token);

        // They take twice as many in advance each time.
        Assert.InRange(Store(harness).Operations, 2, 20);
    }

    [Fact]
    public async Task HoldBack_ForAWhile_DefersJobsAndIsLoggedOnce()
    {
        await using var harness = Harness(("stripe:Rate", "100/00:00:01"));
        var begin = harness.Time.GetUtcNow();
        var limit = harness.Services.GetRequiredService<IJobLimits>()["stripe"];
        _script.Act = CallsAsync(harness, 1);
        await EnqueueAsync(harness, "scripted.limited");

        await limit.HoldBackAsync(begin + TimeSpan.FromSeconds(30), "429\r\nfrom stripe", Token);
        var written = Store(harness).Operations;
        for (var i = 0; i < 100; i++)
            await limit.HoldBackAsync(begin + TimeSpan.FromSeconds(30 + (i / 100.0)), "429", Token);
        Assert.Equal(written, Store(harness).Operations);
        await harness.RunUntilIdleAsync(Token);

        Assert.InRange(Assert.Single(_calls) - begin, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(34));
        var entry = Assert.Single(_log.Entries, entry => entry.Event.Id == 1255);
        Assert.Contains("429  from stripe", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HoldBack_AfterALongerOne_DoesNotShortenIt()
    {
        await using var harness = Harness(("stripe:Rate", "100/00:00:01"));
        var (now, limit) = (harness.Time.GetUtcNow(), harness.Services.GetRequiredService<IJobLimits>()["stripe"]);

        await limit.HoldBackAsync(now + TimeSpan.FromMinutes(10), "429", Token);
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await limit.HoldBackAsync(now + TimeSpan.FromMinutes(1), "429", Token);

        Assert.Equal(now + TimeSpan.FromMinutes(10) + MeterRules.ClockSkew, await BlockedUntilAsync(harness));
    }

    [Fact]
    public async Task HoldBack_ForYears_IsCutToAnHour()
    {
        await using var harness = Harness(("stripe:Rate", "100/00:00:01"));
        var (now, limit) = (harness.Time.GetUtcNow(), harness.Services.GetRequiredService<IJobLimits>()["stripe"]);

        await limit.HoldBackAsync(DateTimeOffset.MaxValue, "429", Token);

        Assert.Equal(now + TimeSpan.FromHours(1) + MeterRules.ClockSkew, await BlockedUntilAsync(harness));
    }

    [Fact]
    public async Task HoldBack_UntilAPastTime_WritesNothing()
    {
        await using var harness = Harness(("stripe:Rate", "100/00:00:01"));

        await harness.Services.GetRequiredService<IJobLimits>()["stripe"].HoldBackAsync(harness.Time.GetUtcNow(), "429", Token);

        Assert.Equal(0, Store(harness).Operations);
    }

    private static async Task<DateTimeOffset?> BlockedUntilAsync(JobTestHarness harness) =>
        (await Store(harness).ReadMeterAsync(new GateId("stripe", ""), Token)).BlockedUntil;

    private static InMemoryLimitStore Store(JobTestHarness harness) =>
        Assert.IsType<InMemoryLimitStore>(harness.Services.GetRequiredService<ILimitStore>());

    private static async Task<JobId> EnqueueAsync(JobTestHarness harness, string type = ScriptedJob.Type, string? tenant = null) =>
        await harness.EnqueueAsync(JobRequest.For(type, new { }) with { Tenant = tenant });

    private Func<JobContext, CancellationToken, Task<JobOutcome>> CallsAsync(JobTestHarness harness, int calls) => async (context, token) =>
    {
        for (var i = 0; i < calls; i++)
        {
            await context.Limits["stripe"].AcquireAsync(token);
            _calls.Add(harness.Time.GetUtcNow());
        }

        return JobOutcome.Success();
    };

    private JobTestHarness Harness(params (string Key, string Value)[] limits) => new(new JobTestHarnessOptions
    {
        Handlers = [typeof(ScriptedJob), typeof(LimitedJob)],
        Configuration =
        [
            .. limits.Select(limit => KeyValuePair.Create("JobPipeline:Limits:" + limit.Key, (string?)limit.Value)),
            KeyValuePair.Create("JobPipeline:Jobs:scripted.limited:Limits:0", (string?)"stripe"),
        ],
        ConfigureServices = services => services
            .AddSingleton(_script)
            .AddSingleton(_log)
            .AddSingleton(typeof(ILogger<>), typeof(CapturedLogger<>)),
    });

    [Job("scripted.limited")]
    internal sealed class LimitedJob(Script script) : IJobHandler<ScriptedPayload>
    {
        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            script.RunAsync(payload, context, cancellationToken);
    }
}
