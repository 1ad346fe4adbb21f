using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IErrorGroupHistory"/>.</summary>
public abstract class ErrorGroupHistoryConformance : Suite
{
    private const string Group = "0123456789abcdef";

    protected abstract IJobStore Jobs { get; }

    private protected abstract IErrorGroupHistory History { get; }

    [Fact]
    public async Task Read_PageByPage_ReturnsEachFailureOfTheGroupOnce()
    {
        // In many partitions, with two attempts per job, and as many of another group or without an error.
        var moments = new List<DateTimeOffset>();
        for (var i = 0; i < 60; i++)
        {
            var job = JobId.Create(Samples.Now.AddHours(-i * 7));
            await Jobs.ApplyAsync(
                JobTransition.Enqueue(JobRecord.Enqueued(job, PriorityQueues.Normal, Samples.PlainSpec(), Samples.Now)), Token);
            foreach (var (group, attempt) in new[] { (Group, 1), (Group, 2), ("fedcba9876543210", 3) })
            {
                var at = Samples.Now.AddMinutes(i).AddTicks(attempt);
                var error = Samples.Error() with { Group = group, At = at };
                await Jobs.ApplyAsync(JobTransition.Retry(Samples.Attempt(job, attempt), error, Samples.Now, Samples.Now), Token);
                if (group == Group)
                    moments.Add(at);
            }

            await Jobs.ApplyAsync(JobTransition.Claim(Samples.Attempt(job, 4), PriorityQueues.Normal, Samples.PlainSpec()), Token);
        }

        Assert.Equal(moments.Order(), (await AllAsync(Group)).Order());
        Assert.Empty(await AllAsync("0000000000000000"));
    }

    private async Task<IReadOnlyList<DateTimeOffset>> AllAsync(string group)
    {
        var found = new List<DateTimeOffset>();
        string? position = null;
        do
        {
            var page = await History.ReadAsync(group, position, Token);
            found.AddRange(page.Moments);
            position = page.Next;
        }
        while (position is not null);
        return found;
    }
}
