using System.Text;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Failures;

/// <summary>A pipeline with dead letters, and the steps that tests of replays share.</summary>
internal sealed class ReplayScene : IAsyncDisposable
{
    public TestPipeline Pipeline { get; } = new(typeof(ScriptedJob), typeof(OtherJob), typeof(BulkReplayJob));

    public Replayer Replayer => Pipeline.Get<Replayer>();

    public BulkReplays Bulk => Pipeline.Get<BulkReplays>();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Enqueues a job that its handler rejects, and returns the id of its dead letter.</summary>
    public async Task<JobId> DeadLetterAsync(JobRequest? request = null)
    {
        var id = await Pipeline.EnqueueAsync(request ?? new JobRequest { Type = ScriptedJob.Type, Payload = Bytes("""{"to":"a"}""") });
        var act = Pipeline.Script.Act;
        Pipeline.Script.Throws(new JobRejectedException("no"));
        await Pipeline.DeliverAsync(request?.Queue ?? PriorityQueues.Normal);
        Pipeline.Script.Act = act;
        Assert.NotNull(await Pipeline.LetterAsync(id));
        return id;
    }

    public Task<ReplayOutcome> ReplayAsync(ReplayRequest request) => Replayer.ReplayAsync(request, TestContext.Current.CancellationToken);

    public Task<ReplayOutcome> ReplayAsync(JobId deadLetter, string by = "ada") => ReplayAsync(new ReplayRequest(deadLetter, by));

    public async Task<JobId> ReplayedAsync(ReplayRequest request) =>
        Assert.IsType<ReplayOutcome.Replayed>(await ReplayAsync(request)).Job;

    public async Task<JobSpec> SpecAsync(JobId job) => (await Pipeline.RowsAsync(job)).Record!.Spec;

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}
