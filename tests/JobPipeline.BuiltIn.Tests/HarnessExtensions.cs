using JobPipeline.Jobs;
using JobPipeline.Testing;

namespace JobPipeline.BuiltIn.Tests;

internal static class HarnessExtensions
{
    /// <summary>Runs one job and returns its result; fails with the dead letter if the job does not succeed.</summary>
    public static async Task<TResult> RunAsync<TResult>(
        this JobTestHarness harness, string type, object payload, CancellationToken cancellationToken)
    {
        var id = await harness.EnqueueAsync(type, payload, cancellationToken);
        await harness.RunUntilIdleAsync(cancellationToken);
        Assert.Empty(
            (await harness.GetDeadLettersAsync(cancellationToken))
                .Select(deadLetter => $"{deadLetter.Detail}\n{(deadLetter.Errors is [.., var last] ? last : null)}"));
        return (await harness.GetResultAsync<TResult>(id, cancellationToken))!;
    }

    /// <summary>Runs one job that must be dead-lettered after one attempt, and returns the reason.</summary>
    public static async Task<string> RunToDeadLetterAsync(
        this JobTestHarness harness, string type, object payload, CancellationToken cancellationToken)
    {
        // Sent without validation, because the handler's own rules reject some of these payloads.
        var id = await harness.EnqueueAsync(JobRequest.For(type, payload));
        await harness.RunUntilIdleAsync(cancellationToken);
        Assert.Equal(JobState.DeadLettered, await harness.GetStateAsync(id, cancellationToken));
        var deadLetter = Assert.Single(await harness.GetDeadLettersAsync(cancellationToken));
        Assert.Single(deadLetter.Errors);
        return deadLetter.Detail;
    }
}
