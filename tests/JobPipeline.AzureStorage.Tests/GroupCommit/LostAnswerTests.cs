using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Claims;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Tests.GroupCommit;

/// <summary>
/// A transaction is written, its response is lost, and the SDK's retry is rejected because of the first write: the claim
/// protocol must recognize its own writes.
/// </summary>
[Slow]
public sealed class LostAnswerTests(AzuriteFixture azurite) : Suite
{
    private const int Jobs = 30;

    private readonly VirtualTimeProvider _time = new();

    [Fact]
    public async Task Claim_BatchResponseIsLost_EveryWorkerRecognizesItsOwnClaim()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var store = new TableJobStore(scene.Watched);
        var jobs = Enumerable.Range(0, Jobs + 1).Select(_ => NewJob()).ToArray();
        var claimant = NewClaimant(store);

        var claims = await scene.GatherAsync(
            () => claimant.ClaimAsync(jobs[0], Token),
            jobs.Skip(1).Select(job => (Func<Task<ClaimResult>>)(() => claimant.ClaimAsync(job, Token))),
            lostAnswers: 1);
        var results = await Task.WhenAll(claims);

        Assert.All(results, result => Assert.IsType<ClaimResult.Held>(result));
        foreach (var job in jobs)
        {
            var rows = await store.ReadAsync(job.Id, Token);
            Assert.Equal(job.ClaimId, Assert.Single(rows.Attempts).ClaimId);
            Assert.Equal((job.ClaimId, rows.Current!.Version), (job.Claim!.Row.ClaimId, job.Claim.Row.Version));
            Assert.Equal((JobState.Running, 0), (rows.Record!.Status.State, rows.Current.Deaths));
        }
    }

    [Fact]
    public async Task Complete_BatchResponseIsLost_EveryOutcomeIsAcceptedOnce()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var store = new TableJobStore(scene.Watched);
        var jobs = Enumerable.Range(0, Jobs + 1).Select(_ => NewJob()).ToArray();
        var claimant = NewClaimant(store);
        Assert.All(
            await Task.WhenAll(jobs.Select(job => claimant.ClaimAsync(job, Token))), claim => Assert.IsType<ClaimResult.Held>(claim));
        Task<JobTransition?> CompleteAsync(JobExecution job) =>
            job.Claim!.EndAsync(row => JobTransition.Complete(row, _time.GetUtcNow(), "1"u8.ToArray(), false), Token);

        var endings = await scene.GatherAsync(
            () => CompleteAsync(jobs[0]),
            jobs.Skip(1).Select(job => (Func<Task<JobTransition?>>)(() => CompleteAsync(job))),
            lostAnswers: 1);

        Assert.All(await Task.WhenAll(endings), Assert.NotNull);
        foreach (var job in jobs)
            Assert.Equal(JobState.Succeeded, (await store.ReadAsync(job.Id, Token)).Record!.Status.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Commit_ResponsesAreLost_EveryGroupCompletesInABoundedNumberOfCalls(int lost)
    {
        var scene = await CommitScene.NewAsync(azurite);

        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(0, Jobs).Select(i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(CommitScene.Add($"{i}")))),
            lost);

        // Rejected, although written: each caller reads its rows and finds its own claim.
        Assert.All(await Task.WhenAll(commits), Assert.Null);
        Assert.Equal(Jobs + 1, (await scene.RowsAsync()).Count);
        // The lost requests and the SDK's retry; the rest again without its first group; then one by one.
        Assert.InRange(scene.Probe.Transactions, lost + 1, lost + 1 + 1 + Jobs);
    }

    [Fact]
    public async Task Commit_EveryRetryFails_AllGroupsFailAndTheNextSucceeds()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(0, Jobs).Select(i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(CommitScene.Add($"{i}")))),
            lostAnswers: 4);

        foreach (var commit in commits)
            await Assert.ThrowsAnyAsync<Exception>(() => commit);

        Assert.NotNull(await scene.CommitAsync(CommitScene.Add("next")));
        Assert.Equal(Jobs + 2, (await scene.RowsAsync()).Count);
    }

    private static JobDescriptor Descriptor { get; } = new()
    {
        Type = Samples.PlainSpec().Type,
        Queue = PriorityQueues.Normal,
        MaxAttempts = 3,
        Timeout = TimeSpan.FromMinutes(1),
        Backoff = new RetrySchedule(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
    };

    private JobExecution NewJob()
    {
        var id = JobId.Create(_time.GetUtcNow());
        var message = new JobMessage(id, 1, Samples.PlainSpec());
        var delivery = new QueueDelivery(PriorityQueues.Normal, id.ToString(), _time.GetUtcNow(), 1, default, "receipt");
        return new JobExecution(delivery, default, message, place: null, CancellationToken.None) { Descriptor = Descriptor };
    }

    private Claimant NewClaimant(IJobStore store) => new(
        store,
        // Every claim here is held: nothing is sent, dead-lettered or followed up, and no type is unknown.
        null!,
        null!,
        null!,
        null!,
        new JobMetrics(),
        _time,
        Options.Create(new JobPipelineOptions()),
        new WorkerIdentity("worker:1"),
        NullLogger<Claimant>.Instance);
}
