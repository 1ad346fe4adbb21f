using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Samples.Worker;
using JobPipeline.Testing;

namespace JobPipeline.Samples.TestingJobs;

/// <summary>Tests one handler through the real pipeline, in memory.</summary>
public sealed class GreetJobTests
{
    [Fact]
    public async Task Greet_WithAName_ReturnsTheGreeting()
    {
        await using var harness = JobTestHarness.For<GreetJob>();

        var id = await harness.EnqueueAsync("greet", new GreetPayload("Ada"), TestContext.Current.CancellationToken);
        await harness.RunUntilIdleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, TestContext.Current.CancellationToken));
        Assert.Equal("Hello, Ada!", await harness.GetResultAsync<string>(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Greet_WithoutAName_IsRejectedBeforeItIsEnqueued()
    {
        await using var harness = JobTestHarness.For<GreetJob>();

        await Assert.ThrowsAsync<MessageFormatException>(
            () => harness.EnqueueAsync("greet", new { }, TestContext.Current.CancellationToken));
    }
}
