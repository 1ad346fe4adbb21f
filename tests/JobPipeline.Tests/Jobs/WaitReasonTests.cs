using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Pauses;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Jobs;

/// <summary>Tests of the reported wait reasons of a job and their order.</summary>
public sealed class WaitReasonTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_DueJob_NamesAWorker()
    {
        await using var pipeline = new TestPipeline();

        Assert.Equal(["worker"], await KindsAsync(pipeline, await pipeline.EnqueueAsync()));
    }

    [Theory]
    [InlineData(PauseTarget.Queue, PriorityQueues.Normal)]
    [InlineData(PauseTarget.JobType, ScriptedJob.Type)]
    public async Task Explain_PausedJob_NamesOnlyThePause(PauseTarget target, string name)
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        await pipeline.Pauses.PauseAsync(target, name, "ada", "maintenance", Token);

        Assert.Equal(["pause"], await KindsAsync(pipeline, id));
    }

    [Fact]
    public async Task Explain_PausedJobThatIsNotDue_NamesThePauseFirst()
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now.AddHours(1) });
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);

        Assert.Equal(["pause", "due-time"], await KindsAsync(pipeline, id));
    }

    [Fact]
    public async Task Explain_JobWithAnOpenCircuit_NamesTheCircuit()
    {
        await using var pipeline = TestPipeline.With(
            ("JobPipeline:Jobs:mail.send:Circuit", "smtp"), ("JobPipeline:Circuits:smtp:MinimumThroughput", "2"));
        pipeline.Script.Throws(new IOException("connection refused"));
        for (var i = 0; i < 2; i++)
        {
            await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
            await pipeline.DeliverAsync();
        }

        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();

        var why = Assert.Single(await ExplainAsync(pipeline, id));
        Assert.Equal(("circuit", "the circuit 'smtp' is open: too many attempts failed"), (why.Kind, why.Detail));
        Assert.True(why.Until > pipeline.Now);
    }

    [Fact]
    public async Task Explain_RetryingJob_NamesItsBackoff()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("connection refused"));
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();

        Assert.Equal(["backoff"], await KindsAsync(pipeline, id));
    }

    private static async Task<string[]> KindsAsync(TestPipeline pipeline, JobId id) =>
        [.. (await ExplainAsync(pipeline, id)).Select(why => why.Kind)];

    private static async Task<IReadOnlyList<WaitReason>> ExplainAsync(TestPipeline pipeline, JobId id) =>
        await pipeline.Get<WaitReasons>().ExplainAsync((await pipeline.RowsAsync(id)).Record!, Token);
}
