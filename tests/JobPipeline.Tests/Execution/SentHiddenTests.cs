using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

/// <summary>Messages that were sent hidden: their sender has them first, and a receipt by another process is a redelivery.</summary>
public sealed class SentHiddenTests
{
    private static readonly DeliveryTerms Terms = new(CancellationToken.None);

    [Fact]
    public async Task Execute_PackOfThisProcess_RunsItsJobs()
    {
        await using var pipeline = new TestPipeline();
        var (ids, delivery) = await SendAsync(pipeline, 3);

        var parts = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.Executor.ExecuteAsync(delivery, Terms)).Parts;

        Assert.All(parts, part => Assert.IsType<DeliveryResult.Succeeded>(part));
        Assert.Equal(ids.Length, pipeline.Script.Starts.Count);
    }

    [Fact]
    public async Task Receive_PackWhoseSenderDied_IsSplit()
    {
        await using var pipeline = new TestPipeline();
        var (ids, delivery) = await SendAsync(pipeline, 3);
        await using var dead = pipeline.Frozen();
        dead.Script.Act = (context, _) =>
            context.JobId == ids[1] ? new TaskCompletionSource<JobOutcome>().Task : Task.FromResult(JobOutcome.Success());
        _ = dead.Executor.ExecuteAsync(delivery, Terms);
        pipeline.Time.Advance(TestPipeline.Visibility);

        // The service counts this receipt as the first.
        var parts = Assert.IsType<DeliveryResult.Unpacked>(await pipeline.DeliverAsync()).Parts;

        Assert.All(parts, part => Assert.IsType<DeliveryResult.Superseded>(part));
        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(1, pipeline.Messages());
        await pipeline.DeliverAsync();
        Assert.Equal([(ids[1], 1)], pipeline.Script.Starts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Execute_JobSentHidden_ReadsItsRowsUnlessThisProcessSentIt(bool isOfSender)
    {
        await using var pipeline = new TestPipeline();
        var (_, delivery) = await SendAsync(pipeline, 1);
        if (!isOfSender)
        {
            pipeline.Time.Advance(TestPipeline.Visibility);
            delivery = await pipeline.ReceiveAsync();
        }

        var calls = new List<string>();
        pipeline.Storage.FailsBefore = call =>
        {
            calls.Add(call);
            return false;
        };

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.Executor.ExecuteAsync(delivery, Terms));

        Assert.Equal(isOfSender, !calls.Exists(call => call.StartsWith("read", StringComparison.Ordinal)));
    }

    private static async Task<(JobId[] Ids, QueueDelivery Delivery)> SendAsync(TestPipeline pipeline, int count)
    {
        var now = pipeline.Now;
        var jobs = Enumerable.Range(0, count).Select(i => (
            Id: JobId.FromDelivery($"job-{i}", now),
            Spec: new JobSpec { Type = QuickJob.Type, EnqueuedAt = now })).ToArray();
        var delivery = await pipeline.Storage.Queue.SendHeldAsync(
            PriorityQueues.Normal, JobMessageWriter.WriteSentHidden(jobs), TestPipeline.Visibility, CancellationToken.None);
        return ([.. jobs.Select(job => job.Id)], delivery);
    }
}
