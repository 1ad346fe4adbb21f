using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Testing;

/// <summary>Tests that mistakes in a job author's test fail at once, naming the job, the workflow or the service.</summary>
public sealed class HarnessFaultTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing", "is awaiting something that has not completed")]
    [InlineData("system clock", "is awaiting something that has not completed")]
    [InlineData("blocked", "blocking its thread")]
    [InlineData("blocked later", "blocking its thread")]
    public async Task RunUntilIdle_HandlerThatHangs_FailsWithItsTypeAndId(string how, string expected)
    {
        using var gate = new ManualResetEventSlim();
        await using var harness = Harness(how, gate);
        var id = await harness.EnqueueAsync("stuck", new object(), Token);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => InTimeAsync(harness.RunUntilIdleAsync(Token)));
        gate.Set();

        Assert.Contains($"job 'stuck' ({id}, attempt 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunNext_HandlerThatWaitsForTheClock_FailsWithInstructions()
    {
        using var gate = new ManualResetEventSlim();
        await using var harness = Harness("clock", gate);
        await harness.EnqueueAsync("stuck", new object(), Token);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => InTimeAsync(harness.RunNextAsync(Token)));

        Assert.Contains("is waiting for the harness's clock to reach 2026-11-24T10:00:00.000Z", error.Message, StringComparison.Ordinal);
        Assert.Contains("RunUntilIdleAsync", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": null }""", "name")]
    [InlineData("""{ "name": "Ada", "age": 200 }""", "age")]
    [InlineData("""{ "name": "Ada", "age": "old" }""", "age")]
    [InlineData("""{ "nmae": "Ada" }""", "name")]
    public async Task Enqueue_InvalidPayload_ThrowsNamingTheMember(string payload, string member)
    {
        await using var harness = JobTestHarness.For<GreetJob>();

        var error = await Assert.ThrowsAsync<MessageFormatException>(() =>
            harness.EnqueueAsync("greet", JsonElement.Parse(payload), Token));

        Assert.Contains("'greet'", error.Message, StringComparison.Ordinal);
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enqueue_UnknownType_ThrowsAsTheClientDoes()
    {
        await using var harness = JobTestHarness.For<GreetJob>();

        await Assert.ThrowsAsync<UnknownJobTypeException>(() => harness.EnqueueAsync("great", new Greeting("Ada"), Token));
    }

    [Fact]
    public async Task StartWorkflow_WithoutExpressions_NeedsNoEvaluator()
    {
        var workflow = new WorkflowBuilder("greetings").Job("greet", "greet", new Greeting("Ada")).Build();
        await using var harness = JobTestHarness.For<GreetJob>(services => services.AddWorkflow(workflow));

        var id = await harness.StartWorkflowAsync("greetings", new { }, cancellationToken: Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Completed, (await harness.Workflows.GetAsync(id, Token))!.Status);
    }

    [Fact]
    public async Task StartWorkflow_WithExpressionsAndNoEvaluator_NamesTheServiceToAdd()
    {
        var workflow = new WorkflowBuilder("greetings").Job("greet", "greet", new { name = "${{ input.name }}" }).Build();
        await using var harness = JobTestHarness.For<GreetJob>(services => services.AddWorkflow(workflow));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            harness.StartWorkflowAsync("greetings", new { name = "Ada" }, cancellationToken: Token));

        Assert.Contains("IExpressionEvaluator", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddBuiltInJobs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartWorkflow_NotRegistered_ExplainsHowToRegisterIt()
    {
        await using var harness = JobTestHarness.For<GreetJob>();

        var error = await Assert.ThrowsAsync<ArgumentException>(() =>
            harness.StartWorkflowAsync("greetings", new { }, cancellationToken: Token));

        Assert.Contains("AddWorkflow", error.Message, StringComparison.Ordinal);
    }

    private static JobTestHarness Harness(string how, ManualResetEventSlim gate) => new(new JobTestHarnessOptions
    {
        Handlers = [typeof(StuckJob)],
        HangTimeout = TimeSpan.FromSeconds(1),
        ConfigureServices = services => services.AddSingleton(how).AddSingleton(gate),
    });

    private sealed record Greeting([property: Required] string Name, [property: Range(0, 150)] int Age = 0);

    [Job("greet")]
    private sealed class GreetJob : IJobHandler<Greeting>
    {
        public Task<JobOutcome> HandleAsync(Greeting payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }

    [Job("stuck", Timeout = "05:00:00")]
    private sealed class StuckJob(string how, ManualResetEventSlim gate, TimeProvider time) : IJobHandler<object>
    {
        public async Task<JobOutcome> HandleAsync(object payload, JobContext context, CancellationToken cancellationToken)
        {
            switch (how)
            {
                case "nothing":
                    await new TaskCompletionSource().Task;
                    break;
                case "system clock":
                    await Task.Delay(TimeSpan.FromHours(1), TimeProvider.System, cancellationToken);
                    break;
                case "blocked":
                    gate.Wait(CancellationToken.None);
                    break;
                case "blocked later":
                    await Task.Delay(TimeSpan.FromHours(1), time, cancellationToken);
                    gate.Wait(CancellationToken.None);
                    break;
                default:
                    await Task.Delay(TimeSpan.FromHours(1), time, cancellationToken);
                    break;
            }

            return JobOutcome.Success();
        }
    }

    /// <summary>Without a hang watch, the run would never end; its own exception has another message.</summary>
    private static Task InTimeAsync(Task run) => run.WaitAsync(TimeSpan.FromMinutes(5), TimeProvider.System);
}
