using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>The built-in jobs release their attempts at once when the host stops.</summary>
[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class HostStopTests(BuiltInStorage storage)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("blob.checksum", 2)]
    [InlineData("csv.import", 6)]
    public async Task HostStops_WhileTheJobRuns_TheNextHostCompletesTheSameAttempt(string type, int request)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var harness = storage.Harness(policy: new StopAtRequest(request, stopping));
        var id = await harness.EnqueueAsync(
            type, new { blob = await storage.UploadSampleAsync("airports.csv", Token), table = storage.NewName("Stopped") }, Token);

        await harness.RunNextAsync(stopping.Token);

        Assert.True(stopping.IsCancellationRequested, "the request was sent");
        Assert.Equal(AttemptState.Released, (await harness.GetAsync(id, Token)).Current!.State);
        await harness.RunUntilIdleAsync(Token);
        Assert.Equal(JobState.Succeeded, await harness.GetStateAsync(id, Token));
        Assert.Single((await harness.GetAsync(id, Token)).Attempts);
    }

    private sealed class StopAtRequest(int at, CancellationTokenSource stopping) : HttpPipelinePolicy
    {
        private int _requests;

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (Interlocked.Increment(ref _requests) == at)
                await stopping.CancelAsync();
            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException("The jobs are asynchronous.");
    }
}
