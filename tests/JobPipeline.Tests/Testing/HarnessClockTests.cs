using System.Globalization;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Testing;

/// <summary>Tests that virtual time advances only when everything waits for it.</summary>
public sealed class HarnessClockTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Waits =>
        ["delay", "delay after yield", "delay after pool", "periodic", "deadline", "wait async", "timer", "two delays"];

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task RunUntilIdle_HandlerThatWaitsTwoHoursOnTheClock_EndsTwoHoursLater(string how)
    {
        await using var harness = Harness(WaitAsync, timeout: "05:00:00");
        var started = harness.Time.GetUtcNow();

        var id = await harness.EnqueueAsync("clocked", how, Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Equal("02:00:00", await harness.GetResultAsync<string>(id, Token));
        Assert.Equal(started.AddHours(2), harness.Time.GetUtcNow());
    }

    [Fact]
    public async Task RunUntilIdle_WorkflowWhoseStepsWaitOnTheClock_CompletesInVirtualTime()
    {
        var workflow = new WorkflowBuilder("slow").Job("first", "clocked", "delay")
            .Job("second", "clocked", "delay", step => step.Needs("first")).Build();
        await using var harness = Harness(WaitAsync, timeout: "05:00:00", services => services.AddWorkflow(workflow));
        var started = harness.Time.GetUtcNow();

        var instance = await harness.StartWorkflowAsync("slow", new { }, cancellationToken: Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Completed, (await harness.Workflows.GetAsync(instance, Token))!.Status);
        Assert.InRange(harness.Time.GetUtcNow() - started, TimeSpan.FromHours(4), TimeSpan.FromHours(4.1));
    }

    [Fact]
    public async Task RunUntilIdle_HandlerThatExceedsItsTimeout_TimesOutAtTheExactTime()
    {
        var ended = new List<DateTimeOffset>();
        await using var harness = Harness(
            async (_, time, token) =>
            {
                try
                {
                    await Task.Delay(TimeSpan.FromHours(2), time, token);
                }
                finally
                {
                    ended.Add(time.GetUtcNow());
                }
            },
            timeout: "00:30:00");
        var started = harness.Time.GetUtcNow();

        var id = await harness.EnqueueAsync("clocked", "x", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.DeadLettered, await harness.GetStateAsync(id, Token));
        Assert.Equal(started.AddMinutes(30), ended[0]);
        Assert.Equal(2, ended.Count);
    }

    [Fact]
    public async Task RunUntilIdle_HandlerThatIgnoresItsTokenAndWaitsOnTheClock_IsAbandoned()
    {
        await using var harness = Harness((_, time, _) =>
            Task.Delay(TimeSpan.FromHours(3), time, CancellationToken.None), timeout: "01:00:00");

        var id = await harness.EnqueueAsync("clocked", "x", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.DeadLettered, await harness.GetStateAsync(id, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunUntilIdle_HandlerWithRealWork_DoesNotAdvanceTheClock(bool withDeadline)
    {
        var real = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var moments = new List<DateTimeOffset>();
        await using var harness = Harness(
            async (_, time, token) =>
            {
                using var deadline = withDeadline ? new CancellationTokenSource(TimeSpan.FromSeconds(30), time)
                    : new CancellationTokenSource();
                moments.Add(time.GetUtcNow());
                await Task.Run(() => { }, token);
                await Task.Yield();
                await real.Task.WaitAsync(deadline.Token);
                moments.Add(time.GetUtcNow());
            },
            timeout: "00:01:00");

        await harness.EnqueueAsync("clocked", "x", Token);
        var run = harness.RunUntilIdleAsync(Token);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token);
        real.SetResult();
        await run;

        Assert.Equal(2, moments.Count);
        Assert.Equal(moments[0], moments[1]);
    }

    [Fact]
    public async Task RunUntilIdle_WorkOnThePoolBetweenTwoTicks_IsWaitedFor()
    {
        var seen = new List<(DateTimeOffset Before, DateTimeOffset After)>();
        await using var harness = Harness(
            async (_, time, token) =>
            {
                using var ticks = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
                for (var tick = 0; tick < 5; tick++)
                {
                    await ticks.WaitForNextTickAsync(token);
                    var before = time.GetUtcNow();
                    await Task.Run(() => SpinWait.SpinUntil(static () => false, 20), token);
                    seen.Add((before, time.GetUtcNow()));
                }
            },
            timeout: "01:00:00");

        await harness.EnqueueAsync("clocked", "x", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(5, seen.Count);
        Assert.All(seen, moment => Assert.Equal(moment.Before, moment.After));
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(1), pair.Second.Before - pair.First.Before));
    }

    [Fact]
    public async Task RunUntilIdle_HandlersThatWaitAtTheSameTime_ResumeInTheOrderOfTheClock()
    {
        var log = new List<string>();
        await using var harness = Harness(
            async (minutes, time, token) =>
            {
                await Task.Delay(TimeSpan.FromMinutes(int.Parse(minutes, CultureInfo.InvariantCulture)), time, token);
                log.Add($"{minutes} at {time.GetUtcNow():HH:mm}");
            },
            timeout: "05:00:00");
        foreach (var minutes in new[] { "90", "10", "40" })
            await harness.EnqueueAsync("clocked", minutes, Token);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(["10 at 09:10", "40 at 09:40", "90 at 10:30"], log);
    }

    [Fact]
    public async Task RunUntilIdle_HandlerThatWaitsForAnotherJob_IsReleasedByIt()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var harness = Harness(
            async (who, _, token) =>
            {
                if (who == "second")
                    released.SetResult();
                else
                    await released.Task.WaitAsync(token);
            },
            timeout: "01:00:00");
        var first = await harness.EnqueueAsync("clocked", "first", Token);
        await harness.EnqueueAsync("clocked", "second", Token);

        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(first, Token));
    }

    [Fact]
    public async Task RunUntilIdle_HandlerThatPollsTheClockAThousandTimes_SeesEveryTick()
    {
        var polls = new List<DateTimeOffset>();
        await using var harness = Harness(
            async (_, time, token) =>
            {
                for (var poll = 0; poll < 1000; poll++)
                {
                    await Task.Delay(TimeSpan.FromMinutes(1), time, token);
                    polls.Add(time.GetUtcNow());
                }
            },
            timeout: "20:00:00");

        await harness.EnqueueAsync("clocked", "x", Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(1000, polls.Count);
        Assert.All(polls.Zip(polls.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(1), pair.Second - pair.First));
    }

    private static JobTestHarness Harness(
        Func<string, TimeProvider, CancellationToken, Task> act, string timeout, Action<IServiceCollection>? more = null) =>
        new(new JobTestHarnessOptions
        {
            Handlers = [typeof(ClockedJob)],
            ConfigureServices = services =>
            {
                services.AddSingleton(act);
                more?.Invoke(services);
            },
            Configuration = [new("JobPipeline:Jobs:clocked:Timeout", timeout), new("JobPipeline:Jobs:clocked:MaxAttempts", "2")],
        });

    private static async Task WaitAsync(string how, TimeProvider time, CancellationToken token)
    {
        var twoHours = TimeSpan.FromHours(2);
        switch (how)
        {
            case "delay":
                await Task.Delay(twoHours, time, token);
                break;
            case "delay after yield":
                await Task.Yield();
                await Task.Delay(twoHours, time, token).ConfigureAwait(false);
                break;
            case "delay after pool":
                await Task.Run(() => Task.Delay(twoHours, time, token), token);
                break;
            case "periodic":
                using (var ticks = new PeriodicTimer(TimeSpan.FromMinutes(30), time))
                {
                    for (var tick = 0; tick < 4; tick++)
                        await ticks.WaitForNextTickAsync(token);
                }

                break;
            case "deadline":
                using (var deadline = new CancellationTokenSource(twoHours, time))
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case "wait async":
                await Assert.ThrowsAsync<TimeoutException>(() => new TaskCompletionSource().Task.WaitAsync(twoHours, time, token));
                break;
            case "timer":
                var fired = new TaskCompletionSource();
                await using (time.CreateTimer(_ => fired.SetResult(), null, twoHours, Timeout.InfiniteTimeSpan))
                    await fired.Task;
                break;
            default:
                await Task.WhenAll(Task.Delay(twoHours, time, token), Task.Delay(TimeSpan.FromHours(1), time, token));
                break;
        }
    }

    [Job("clocked")]
    private sealed class ClockedJob(TimeProvider time, Func<string, TimeProvider, CancellationToken, Task> act)
        : IJobHandler<string, string>
    {
        public async Task<JobOutcome<string>> HandleAsync(string payload, JobContext context, CancellationToken cancellationToken)
        {
            var started = time.GetUtcNow();
            await act(payload, time, cancellationToken);
            return (time.GetUtcNow() - started).ToString("c", CultureInfo.InvariantCulture);
        }
    }
}
