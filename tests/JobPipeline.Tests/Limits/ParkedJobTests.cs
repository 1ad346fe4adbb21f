using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Limits;

/// <summary>What people and maintenance do to jobs while they are parked.</summary>
public sealed class ParkedJobTests
{
    private static readonly GateId Gate = new("one", "");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_OfAParkedJob_EndsItAndItsRow()
    {
        await using var harness = Harness("1/01:00:00");
        var (_, waiting) = (await EnqueueAsync(harness), await EnqueueAsync(harness));
        await RunDueAsync(harness);
        Assert.Single(await ParkedAsync(harness));

        var outcome = await harness.Services.GetRequiredService<JobClient>().CancelAsync(waiting, "no longer needed", Token);
        await RunDueAsync(harness);

        Assert.Equal(CancelOutcome.Cancelled, outcome);
        Assert.Equal(JobState.Cancelled, await harness.GetStateAsync(waiting, Token));
        Assert.Empty(await ParkedAsync(harness));
        await harness.RunUntilIdleAsync(Token);
        Assert.Equal(1, Log.Of(harness).Starts);
    }

    [Fact]
    public async Task Resend_OfAParkedJobThatExpired_EndsItAndItsRow()
    {
        await using var harness = Harness("1/1.00:00:00");
        await EnqueueAsync(harness);
        var waiting = await EnqueueAsync(harness, expiresIn: TimeSpan.FromMinutes(1));
        await RunDueAsync(harness);
        harness.Time.Advance(TimeSpan.FromHours(1));
        var job = JobSummary.Of((await harness.GetAsync(waiting, Token)).Record!);
        var heads = new Dictionary<string, DateTimeOffset> { [job.Queue] = harness.Time.GetUtcNow() };
        Assert.Equal([job.Id], (await Suspects(harness).ExceptParkedAsync([job], Token)).Select(left => left.Id));

        var found = await harness.Services.GetRequiredService<OverdueResend>().JudgeAsync([job], heads, mustSend: true, Token);
        await RunDueAsync(harness);

        Assert.Equal(1, found);
        Assert.Equal(JobState.Expired, await harness.GetStateAsync(waiting, Token));
        Assert.Empty(await ParkedAsync(harness));
    }

    [Fact]
    public async Task Suspects_ThatAreParked_AreLeftOutWithoutReadingEach()
    {
        await using var harness = Harness("1/1.00:00:00");
        for (var i = 0; i < 50; i++)
            await EnqueueAsync(harness);
        await RunDueAsync(harness);
        var parked = (await ParkedAsync(harness)).Select(row => row.Job).ToList();
        var jobs = new List<JobSummary>();
        foreach (var id in parked)
            jobs.Add(JobSummary.Of((await harness.GetAsync(id, Token)).Record!));
        var lost = jobs[0] with { Id = JobId.Create(harness.Time.GetUtcNow()) };
        var before = Store(harness).Operations;

        var left = await Suspects(harness).ExceptParkedAsync([.. jobs, lost], Token);

        Assert.Equal(lost.Id, Assert.Single(left).Id);
        Assert.InRange(Store(harness).Operations - before, 1, 2);
    }

    [Fact]
    public async Task WaitReason_OfAParkedJob_HasItsPositionAndWhenItMayStart()
    {
        await using var harness = Harness("6/01:00:00");
        var ids = new List<JobId>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await EnqueueAsync(harness));
            await RunDueAsync(harness);
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var record = (await harness.GetAsync(ids[^1], Token)).Record!;

        var why = Assert.Single(await harness.Services.GetRequiredService<WaitReasons>().ExplainAsync(record, Token));

        Assert.Equal("one", why.Limit!.Limit);
        Assert.Equal(3, why.Limit.Position);
        Assert.Null(why.Limit.Of);
        // One has started, two are before it.
        Assert.Equal(TimeSpan.FromMinutes(30), why.Until - Log.Of(harness).First);
        await harness.RunUntilIdleAsync(Token);
        Assert.InRange(Log.Of(harness).Last - why.Until!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("1/1.00:00:00", null)]
    [InlineData(null, "1")]
    public async Task RunNow_OfAParkedJob_StartsItBeyondTheLimit(string? rate, string? concurrency)
    {
        await using var harness = Harness(rate, concurrency);
        var control = harness.Services.GetRequiredService<LimitControl>();
        await control.CloseAsync(Gate, until: null, "ada", "maintenance", Token);
        var (urgent, other) = (await EnqueueAsync(harness), await EnqueueAsync(harness));
        await RunDueAsync(harness);
        Assert.Equal(2, (await ParkedAsync(harness)).Count);

        var outcome = await ExpediteAsync(harness, urgent);
        Assert.Equal("asked to run now by ada: the customer waits", (await harness.GetAsync(urgent, Token)).Record!.Status.Reason);
        await RunDueAsync(harness);

        Assert.Equal(ExpediteOutcome.Requested, outcome);
        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(urgent, Token));
        Assert.Equal(JobState.Queued, await harness.GetStateAsync(other, Token));
        Assert.Equal(other, Assert.Single(await ParkedAsync(harness)).Job);
        await control.OpenAsync(Gate, "ada", Token);
        await harness.RunUntilIdleAsync(Token);
        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(other, Token));
        Assert.Equal(2, Log.Of(harness).Starts);
        // What it took of the rate is missing for the next one.
        Assert.Equal(rate is not null, Log.Of(harness).Last - Log.Of(harness).First >= TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task RunNow_OfAScheduledJob_DoesNotWaitForItsTime()
    {
        await using var harness = Harness("1/00:00:01");
        var begin = harness.Time.GetUtcNow();
        var id = await EnqueueAsync(harness, notBefore: begin.AddDays(1));

        await ExpediteAsync(harness, id);
        await RunDueAsync(harness);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Equal(begin, harness.Time.GetUtcNow());
        await harness.RunUntilIdleAsync(Token);
        Assert.Equal(1, Log.Of(harness).Starts);
        Assert.Equal(ExpediteOutcome.AlreadyEnded, await ExpediteAsync(harness, id));
    }

    [Fact]
    public async Task RunNow_InAForgedMessage_HasNoEffect()
    {
        await using var harness = Harness("1/01:00:00");
        await harness.Services.GetRequiredService<LimitControl>().CloseAsync(Gate, until: null, "ada", "maintenance", Token);
        var id = await EnqueueAsync(harness);
        await RunDueAsync(harness);
        var record = (await harness.GetAsync(id, Token)).Record!;
        var mark = new ReadyMark(record.Queue, [new ReadyGate(Gate.Limit, Gate.Key)]) { Now = true };

        await harness.Services.GetRequiredService<IJobQueue>().SendAsync(
            PriorityQueues.Ready, JobMessageWriter.WriteReady(id, 1, record.Spec, mark), TimeSpan.Zero, Token);
        await RunDueAsync(harness);

        Assert.Equal(JobState.Queued, await harness.GetStateAsync(id, Token));
        Assert.Single(await ParkedAsync(harness));
    }

    [Fact]
    public async Task Job_WithoutAMessage_KeepsItsPlaceAmongThoseThatHaveOne()
    {
        await using var harness = Harness("1/01:00:00");
        await EnqueueAsync(harness);
        await RunDueAsync(harness);
        var step = Delivery(harness);
        var asksAgainAt = await DeliverAsync(harness, step);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
            await EnqueueAsync(harness);
        await RunDueAsync(harness);

        Assert.True(Assert.Single(await ParkedAsync(harness), row => row.IsTicket).Body.IsEmpty);
        Assert.NotNull(asksAgainAt);
        harness.Time.Advance(TimeSpan.FromHours(1));
        await RunDueAsync(harness);
        Assert.Null(await DeliverAsync(harness, Again(step)));

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(JobId.Parse(step.MessageId), Token));
        Assert.DoesNotContain(await ParkedAsync(harness), row => row.IsTicket);
    }

    [Fact]
    public async Task Ticket_ThatIsGrantedAndNotUsed_Lapses()
    {
        await using var harness = Harness(rate: null, concurrency: "1");
        var control = harness.Services.GetRequiredService<LimitControl>();
        await control.CloseAsync(Gate, until: null, "ada", "maintenance", Token);
        Assert.NotNull(await DeliverAsync(harness, Delivery(harness)));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        var behind = await EnqueueAsync(harness);
        await RunDueAsync(harness);

        // The orchestration has ended without a word: the step never asks again.
        await control.OpenAsync(Gate, "ada", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(behind, Token));
        Assert.Empty(await ParkedAsync(harness));
        Assert.Equal(0, (await Store(harness).ReadMeterAsync(Gate, Token)).Granted);
    }

    /// <summary>The delivery of a step of a workflow that runs as an activity.</summary>
    private static QueueDelivery Delivery(JobTestHarness harness)
    {
        var now = harness.Time.GetUtcNow();
        var id = JobId.FromDelivery("a step", now);
        var spec = new JobSpec { Type = "parked", Payload = "{}"u8.ToArray(), EnqueuedAt = now };
        return new QueueDelivery(PriorityQueues.Normal, id.ToString(), now, 1, JobMessageWriter.Write(id, 1, spec), "");
    }

    private static QueueDelivery Again(QueueDelivery step) => new(step.Queue, step.MessageId, step.InsertedAt, 2, step.Body, "");

    private static async Task<DateTimeOffset?> DeliverAsync(JobTestHarness harness, QueueDelivery delivery)
    {
        var terms = new DeliveryTerms(CancellationToken.None) { HasNoMessage = true };
        return (await harness.Services.GetRequiredService<DeliveryExecutor>().ExecuteAsync(delivery, terms)).PutBackUntil;
    }

    private static ParkedSuspects Suspects(JobTestHarness harness) => harness.Services.GetRequiredService<ParkedSuspects>();

    private static Task<ExpediteOutcome> ExpediteAsync(JobTestHarness harness, JobId id) =>
        harness.Services.GetRequiredService<JobExpediter>().ExpediteAsync(id, "ada", "the customer waits", Token);

    private static Task<IReadOnlyList<ParkedJob>> ParkedAsync(JobTestHarness harness) =>
        Store(harness).ListAsync(Gate, ParkedKey.First, to: null, 1000, Token);

    private static InMemoryLimitStore Store(JobTestHarness harness) =>
        Assert.IsType<InMemoryLimitStore>(harness.Services.GetRequiredService<ILimitStore>());

    private static async Task RunDueAsync(JobTestHarness harness)
    {
        bool hasRun;
        do
            hasRun = await harness.RunNextAsync(Token);
        while (hasRun);
    }

    private static Task<JobId> EnqueueAsync(
        JobTestHarness harness, TimeSpan? expiresIn = null, DateTimeOffset? notBefore = null) =>
        harness.EnqueueAsync(JobRequest.For("parked", new ParkedSample.Payload()) with
        {
            ExpiresAt = harness.Time.GetUtcNow() + expiresIn, NotBefore = notBefore,
        });

    private static JobTestHarness Harness(string? rate, string? concurrency = null) => new(new JobTestHarnessOptions
    {
        Handlers = [typeof(ParkedSample)],
        Configuration =
        [
            KeyValuePair.Create("JobPipeline:Limits:one:Rate", rate),
            KeyValuePair.Create("JobPipeline:Limits:one:Concurrency", concurrency),
            KeyValuePair.Create("JobPipeline:Jobs:parked:Limits:0", (string?)"one"),
        ],
        ConfigureServices = services => services.AddSingleton(new Log()),
    });

    [Job("parked")]
    internal sealed class ParkedSample(Log log, TimeProvider time) : IJobHandler<ParkedSample.Payload>
    {
        public Task<JobOutcome> HandleAsync(Payload payload, JobContext context, CancellationToken cancellationToken)
        {
            log.Started(time.GetUtcNow());
            return Task.FromResult(JobOutcome.Success());
        }

        internal sealed record Payload;
    }

    internal sealed class Log
    {
        private readonly List<DateTimeOffset> _starts = [];

        public int Starts => _starts.Count;

        public DateTimeOffset First => _starts[0];

        public DateTimeOffset Last => _starts[^1];

        public static Log Of(JobTestHarness harness) => harness.Services.GetRequiredService<Log>();

        public void Started(DateTimeOffset at) => _starts.Add(at);
    }
}
