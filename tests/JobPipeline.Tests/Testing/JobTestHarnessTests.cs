using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Testing;

public sealed class JobTestHarnessTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunUntilIdle_HandlerThatFailsTwice_SucceedsInVirtualTime()
    {
        var calls = new Calls();
        await using var harness = JobTestHarness.For<FlakyJob>(services => services.AddSingleton(calls));
        var started = harness.Time.GetUtcNow();

        var id = await harness.EnqueueAsync("flaky", new FlakyPayload(FailuresFirst: 2), Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Equal(new FlakyResult(3), await harness.GetResultAsync<FlakyResult>(id, Token));
        Assert.Equal(3, (await harness.GetAsync(id, Token)).Attempts.Count);
        Assert.Equal(3, calls.Count);
        Assert.True(harness.Time.GetUtcNow() > started, "the backoff did not advance the clock");
        Assert.Empty(await harness.GetDeadLettersAsync(Token));
    }

    [Fact]
    public async Task RunUntilIdle_HandlerThatAlwaysFails_WritesADeadLetterWithEveryError()
    {
        await using var harness = new JobTestHarness(new JobTestHarnessOptions
        {
            Handlers = [typeof(FlakyJob)],
            ConfigureServices = services => services.AddSingleton<Calls>(),
            Configuration = [new("JobPipeline:Jobs:flaky:MaxAttempts", "2")],
        });

        var id = await harness.EnqueueAsync("flaky", new FlakyPayload(FailuresFirst: 100), Token);
        await harness.RunUntilIdleAsync(Token);

        var deadLetter = Assert.Single(await harness.GetDeadLettersAsync(Token));
        Assert.Equal(id, deadLetter.Id);
        Assert.Equal(2, deadLetter.Errors.Count);
    }

    [Fact]
    public async Task RunUntilIdle_JobsInAllPriorityQueues_RunsTheHighestFirst()
    {
        var calls = new Calls();
        await using var harness = JobTestHarness.For<FlakyJob>(services => services.AddSingleton(calls));
        foreach (var queue in PriorityQueues.All.Reverse())
            await harness.EnqueueAsync(JobRequest.For("flaky", new FlakyPayload(0)) with { Queue = queue, CorrelationId = queue });

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(PriorityQueues.All, calls.Correlations);
    }

    [Fact]
    public async Task Advance_PastTheTimeoutOfARunningHandler_EndsTheAttempt()
    {
        await using var harness = JobTestHarness.For<EndlessJob>();
        var id = await harness.EnqueueAsync("endless", new object(), Token);

        var run = harness.RunNextAsync(Token);
        Assert.False(run.IsCompleted);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await run);

        Assert.Equal(JobState.Retrying, await harness.GetStateAsync(id, Token));
    }

    [Fact]
    public async Task RunUntilIdle_JobThatSnoozesForever_GivesUp()
    {
        await using var harness = new JobTestHarness(new JobTestHarnessOptions { Handlers = [typeof(SnoozingJob)], MaxDeliveries = 20 });
        await harness.EnqueueAsync("snoozing", new object(), Token);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.RunUntilIdleAsync(Token));

        Assert.Contains("20 deliveries", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_MisspelledSetting_FailsAsAHostWould()
    {
        var options = new JobTestHarnessOptions { Configuration = [new("JobPipeline:Leese", "00:01:00")] };

        Assert.Contains(
            "Lease",
            Assert.Throws<OptionsValidationException>(() => new JobTestHarness(options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResult_UnknownJob_IsNull()
    {
        await using var harness = JobTestHarness.For<EndlessJob>();

        Assert.Null(await harness.GetResultAsync<FlakyResult>(JobId.Create(harness.Time.GetUtcNow()), Token));
    }

    private sealed record FlakyPayload(int FailuresFirst);

    private sealed record FlakyResult(int Attempt);

    private sealed class Calls
    {
        public int Count { get; set; }

        public List<string> Correlations { get; } = [];
    }

    [Job("flaky")]
    private sealed class FlakyJob(Calls calls) : IJobHandler<FlakyPayload, FlakyResult>
    {
        public Task<JobOutcome<FlakyResult>> HandleAsync(FlakyPayload payload, JobContext context, CancellationToken cancellationToken)
        {
            calls.Count++;
            calls.Correlations.Add(context.CorrelationId ?? "");
            return context.Attempt > payload.FailuresFirst
                ? Task.FromResult<JobOutcome<FlakyResult>>(new FlakyResult(context.Attempt))
                : throw new IOException("not yet");
        }
    }

    [Job("endless", Timeout = "00:01:00")]
    private sealed class EndlessJob : IJobHandler<object>
    {
        public async Task<JobOutcome> HandleAsync(object payload, JobContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return JobOutcome.Success();
        }
    }

    [Job("snoozing")]
    private sealed class SnoozingJob : IJobHandler<object>
    {
        public Task<JobOutcome> HandleAsync(object payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Snooze(TimeSpan.FromHours(1)));
    }
}
