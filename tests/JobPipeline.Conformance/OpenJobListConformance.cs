using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IOpenJobList"/>.</summary>
public abstract class OpenJobListConformance : Suite
{
    private static readonly DateTimeOffset Hour = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    protected abstract IJobStore Store { get; }

    private protected abstract IOpenJobList List { get; }

    [Fact]
    public async Task List_OfAnHour_ReturnsItsJobsInEveryNonTerminalState()
    {
        var waiting = await EnqueueAsync(Hour);
        var running = await ClaimAsync(await EnqueueAsync(Hour.AddMinutes(59)));
        var ended = await ClaimAsync(await EnqueueAsync(Hour.AddMinutes(30)));
        await Store.ApplyAsync(JobTransition.Complete(ended, Samples.Now, default, resultInBlob: false), Token);
        var failed = await ClaimAsync(await EnqueueAsync(Hour.AddMinutes(31)));
        await Store.ApplyAsync(JobTransition.Retry(failed, Samples.Error(), Samples.Now, Samples.Now.AddDays(1)), Token);
        var released = await ClaimAsync(await EnqueueAsync(Hour.AddMinutes(32)));
        await Store.ApplyAsync(JobTransition.Release(released, Samples.Now, Samples.Now.AddDays(2), "snoozed"), Token);
        await EnqueueAsync(Hour.AddHours(1));
        await EnqueueAsync(Hour.AddMilliseconds(-1));

        var open = await ListAsync(max: 1000);

        Assert.Equal(new HashSet<JobId> { waiting, running.Job, failed.Job, released.Job }, open.Select(job => job.Id).ToHashSet());
        Assert.Equal((JobState.Retrying, Samples.Now.AddDays(1)), Of(failed.Job));
        Assert.Equal((JobState.Scheduled, Samples.Now.AddDays(2)), Of(released.Job));
        Assert.Equal((JobState.Running, (DateTimeOffset?)null), Of(running.Job));

        (JobState, DateTimeOffset?) Of(JobId id) => (open.Single(job => job.Id == id).State, open.Single(job => job.Id == id).DueAt);
    }

    [Fact]
    public async Task List_PageByPage_ReturnsEveryJobOnce()
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 25; i++)
            ids.Add(await EnqueueAsync(Hour.AddSeconds(i)));

        var open = await ListAsync(max: 4);

        Assert.Equal(ids.Order(), open.Select(job => job.Id).Order());
    }

    [Fact]
    public async Task FindOldest_OfSeveral_ReturnsTheHourOfTheOldest()
    {
        Assert.Null(await List.FindOldestAsync(Token));
        await EnqueueAsync(Hour.AddMinutes(59));
        await EnqueueAsync(Hour.AddDays(40));
        Assert.Equal(Hour, await List.FindOldestAsync(Token));
        await EnqueueAsync(Hour.AddDays(-400).AddMinutes(1));
        Assert.Equal(Hour.AddDays(-400), await List.FindOldestAsync(Token));
    }

    private async Task<List<JobSummary>> ListAsync(int max)
    {
        var open = new List<JobSummary>();
        string? position = null;
        do
        {
            var page = await List.ListAsync(Hour, position, max, Token);
            Assert.InRange(page.Jobs.Count, 0, max);
            open.AddRange(page.Jobs);
            position = page.Position;
        }
        while (position is not null);
        return open;
    }

    private async Task<JobId> EnqueueAsync(DateTimeOffset at)
    {
        var id = JobId.Create(at);
        await Store.ApplyAsync(
            JobTransition.Enqueue(JobRecord.Enqueued(id, PriorityQueues.Normal, Samples.PlainSpec(), Samples.Now)), Token);
        return id;
    }

    private async Task<Attempt> ClaimAsync(JobId id)
    {
        var row = Samples.Attempt(id);
        var claimed = await Store.ApplyAsync(JobTransition.Claim(row, PriorityQueues.Normal, Samples.PlainSpec()), Token);
        return row with { Version = claimed.AttemptVersion };
    }
}
