using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Governor;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Limits.Governor;

/// <summary>Jobs with declared memory in a pipeline.</summary>
public sealed class ResourceGateTests : IAsyncDisposable
{
    private const long Limit = 1_000_000_000;

    private readonly ScriptedProbe _probe = new(Limit) { Used = 0.2 };
    private readonly TestPipeline _pipeline;

    public ResourceGateTests()
    {
        _pipeline = Pipeline("400MB");
        _pipeline.Get<ResourceGovernor>().Measure();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Fact]
    public async Task Deliver_OfAJobThatDoesNotFit_PutsItBackAndExplainsIt()
    {
        // 680 MB may be declared.
        var gate = _pipeline.Script.Hangs();
        await _pipeline.EnqueueAsync();
        var first = _pipeline.DeliverOneAsync();
        var second = await _pipeline.EnqueueAsync();

        var result = Assert.IsType<DeliveryResult.Deferred>(await _pipeline.DeliverAsync());

        Assert.Equal(DeferralReason.Resources, result.Reason);
        var why = Assert.Single(await ExplainAsync(second));
        Assert.Equal(ResourceGate.Kind, why.Kind);
        Assert.Contains("it declares 400MB of memory; running jobs hold 400MB of the 680MB", why.Detail, StringComparison.Ordinal);
        gate.SetResult(JobOutcome.Success());
        await first;
        _pipeline.Script.Returns(JobOutcome.Success());
        _pipeline.Time.Advance(TimeSpan.FromSeconds(30));
        await _pipeline.DeliverAsync();
        Assert.Equal(JobState.Succeeded, (await _pipeline.Client.GetAsync(second, Token)).Record!.Status.State);
        Assert.Equal(default, _pipeline.Get<MemoryLedger>().Use);
    }

    [Fact]
    public async Task Explain_WhileClosed_SaysThatMemoryIsShort()
    {
        var job = await _pipeline.EnqueueAsync();
        _probe.Used = 0.95;
        _pipeline.Get<ResourceGovernor>().Measure();

        var why = Assert.Single(await ExplainAsync(job));
        Assert.Equal((ResourceGate.Kind, "this instance starts no jobs: 95 % of its memory is used"), (why.Kind, why.Detail));
    }

    [Fact]
    public async Task Ask_WhenOffOrWithoutDeclaredMemory_AllocatesNothing()
    {
        await using var off = Pipeline("400MB", ("JobPipeline:Governor:Enabled", "false"));
        off.Get<ResourceGovernor>().Measure();
        foreach (var (gate, type) in new[]
        {
            (off.Get<ResourceGate>(), ScriptedJob.Type), (_pipeline.Get<ResourceGate>(), OtherJob.Type),
        })
        {
            var spec = new JobSpec { Type = type, EnqueuedAt = _pipeline.Now };
            var request = new StartRequest(
                JobId.Create(_pipeline.Now), PriorityQueues.Normal, spec, off.Get<JobRegistry>().Find(type), WillRun: true);
            Assert.Same(GateDecision.Open.WithoutPermit, await gate.AskAsync(request, Token));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                await gate.AskAsync(request, Token);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Theory]
    [InlineData("512", "is '512'; it must be a number with a unit, such as 512MB, 1.5GB or 256MiB, from 1MB to 1TB")]
    [InlineData("1KB", "is '1KB'; it must be a number with a unit, such as 512MB, 1.5GB or 256MiB, from 1MB to 1TB")]
    [InlineData("2TB", "is '2TB'; it must be a number with a unit, such as 512MB, 1.5GB or 256MiB, from 1MB to 1TB")]
    [InlineData("-5MB", "is '-5MB'; it must be a number with a unit, such as 512MB, 1.5GB or 256MiB, from 1MB to 1TB")]
    public void Memory_ThatIsNotASize_PreventsTheStart(string text, string error)
    {
        var e = Assert.ThrowsAny<Exception>(() => Pipeline(text));
        Assert.Contains($"JobPipeline:Jobs:{ScriptedJob.Type}:Memory {error}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CloseAt_BelowTheThreshold_PreventsTheStart()
    {
        var validator = new GovernorOptionsValidator(_probe);
        Assert.False(validator.Validate(null, new GovernorOptions { CloseAt = 0.8 }).Succeeded);
        var result = validator.Validate(null, new GovernorOptions { ReserveBytes = Limit });
        Assert.Contains("must be less than the memory that this process may use", result.FailureMessage, StringComparison.Ordinal);
        Assert.True(validator.Validate(null, new GovernorOptions()).Succeeded);
    }

    private Task<IReadOnlyList<WaitReason>> ExplainAsync(JobId job) => ExplainAsync(_pipeline, job);

    private static async Task<IReadOnlyList<WaitReason>> ExplainAsync(TestPipeline pipeline, JobId job) =>
        await pipeline.Get<WaitReasons>().ExplainAsync((await pipeline.Client.GetAsync(job, Token)).Record!, Token);

    private TestPipeline Pipeline(string memory, params (string, string)[] settings) => TestPipeline.With(
        [typeof(ScriptedJob), typeof(OtherJob)],
        services => services.AddSingleton<IResourceProbe>(_probe),
        [($"JobPipeline:Jobs:{ScriptedJob.Type}:Memory", memory), .. settings]);
}
