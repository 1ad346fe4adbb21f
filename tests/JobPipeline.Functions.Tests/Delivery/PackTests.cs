using JobPipeline.Functions.Tests.Support;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>A pack is never delivered again as a whole: jobs that have not ended are re-sent as single messages.</summary>
public sealed class PackTests
{
    [Fact]
    public async Task Pack_NearItsFunctionTimeout_ResendsTheRestAsSingleMessages()
    {
        await using var rig = new FunctionsRig(("JobPipeline:PackConcurrency", "1"), ("AzureFunctionsJobHost:functionTimeout", "00:10:00"));
        var ids = await rig.EnqueuePackAsync(10);
        // Each takes two of the ten minutes; the timeout of the type is five minutes.
        rig.Script.Act = (_, _) =>
        {
            rig.Time.Advance(TimeSpan.FromMinutes(2));
            return Task.FromResult(JobOutcome.Success());
        };
        var started = rig.Now;
        await rig.Host.DeliverAsync(PriorityQueues.Normal).InTime();
        Assert.Null(rig.Host.Thrown);
        Assert.InRange(rig.Now - started, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(9));
        Assert.InRange(rig.Script.Starts.Count, 1, 4);
        Assert.Equal(10 - rig.Script.Starts.Count, rig.Messages());

        await rig.RunUntilIdleAsync();
        await AssertAllSucceededOnceAsync(rig, ids);
    }

    [Fact]
    public async Task Pack_WhoseJobsMayExceedTheFunctionTimeout_RunsEachInItsOwnFunction()
    {
        await using var rig = new FunctionsRig();
        var results = await rig.Client.EnqueueManyAsync(
            [.. Enumerable.Range(0, 3).Select(_ => new JobRequest { Type = QuickJob.Type, Timeout = TimeSpan.FromHours(2) })],
            TestContext.Current.CancellationToken);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Empty(rig.Script.Starts);
        await rig.RunUntilIdleAsync();
        await AssertAllSucceededOnceAsync(rig, [.. results.Select(result => result.Id)]);
    }

    [Fact]
    public async Task Pack_OnAStoppingHost_ResendsJobsNotStarted()
    {
        await using var rig = new FunctionsRig(("JobPipeline:PackConcurrency", "1"));
        var ids = await rig.EnqueuePackAsync(5);
        using var stopping = new CancellationTokenSource();
        rig.Script.Act = async (_, _) =>
        {
            await stopping.CancelAsync();
            return JobOutcome.Success();
        };
        await rig.Host.DeliverAsync(PriorityQueues.Normal, stopping).InTime();
        Assert.Null(rig.Host.Thrown);
        Assert.Equal((1, 4), (rig.Script.Starts.Count, rig.Messages()));

        rig.Script.Returns(JobOutcome.Success());
        await rig.RunUntilIdleAsync();
        await AssertAllSucceededOnceAsync(rig, ids);
    }

    [Fact]
    public async Task Pack_WithIntermittentTableFailures_LosesAndRepeatsNothing()
    {
        await using var rig = new FunctionsRig();
        var ids = await rig.EnqueuePackAsync(20);
        var calls = 0;
        rig.Storage.FailsBefore = call => (call == "write Running" || call == "read rows") && ++calls % 3 != 0;
        await rig.Host.DeliverAsync(PriorityQueues.Normal).InTime();
        Assert.Null(rig.Host.Thrown);

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        await AssertAllSucceededOnceAsync(rig, ids);
    }

    [Fact]
    public async Task Pack_OfAForeignProducerDuringAnOutage_KeepsTheIdsOfItsParts()
    {
        await using var rig = new FunctionsRig();
        await rig.DropAsync("""{"pack":[{"type":"mail.count"},{"type":"mail.count","key":"k"},{"type":7}]}""");
        rig.Storage.FailsBefore = static call => !call.StartsWith("send", StringComparison.Ordinal);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        Assert.Null(rig.Host.Thrown);
        Assert.Equal(3, rig.Messages());

        rig.Storage.FailsBefore = static _ => false;
        await rig.RunUntilIdleAsync();
        Assert.Equal(2, rig.Script.Starts.Distinct().Count());
        Assert.Single(await rig.LettersAsync());
    }

    private static async Task AssertAllSucceededOnceAsync(FunctionsRig rig, JobId[] ids)
    {
        foreach (var id in ids)
            Assert.Equal(JobState.Succeeded, await rig.StateAsync(id));
        Assert.Equal(ids.Order(), rig.Script.Starts.Select(start => start.Job).Order());
        Assert.Equal(0, rig.Messages());
    }
}
