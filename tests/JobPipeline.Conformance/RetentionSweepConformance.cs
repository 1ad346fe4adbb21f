using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.Conformance;

/// <summary>The contract of the sweeps over jobs, payloads, dead letters and unique keys.</summary>
public abstract class RetentionSweepConformance : Suite
{
    private static readonly DateOnly Day = new(2026, 1, 2);
    private static readonly DateTimeOffset Noon = new(Day, new TimeOnly(12, 0), TimeSpan.Zero);

    protected abstract IJobStore Jobs { get; }

    protected abstract IPayloadStore Payloads { get; }

    protected abstract IDeadLetterStore DeadLetters { get; }

    protected abstract IUniqueKeyStore Keys { get; }

    private protected abstract IRetentionSweep JobSweep { get; }

    private protected abstract IRetentionSweep PayloadSweep { get; }

    private protected abstract IRetentionSweep LetterSweep { get; }

    private protected abstract IUniqueKeySweep KeySweep { get; }

    /// <summary>Returns the time at which blobs written now have reached this age.</summary>
    protected abstract DateTimeOffset After(TimeSpan age);

    [Fact]
    public async Task JobSweep_OfADay_RemovesOnlyExpiredJobs()
    {
        var over = await EndedAsync(Noon, Noon.AddMinutes(1), attempts: 3);
        var young = await EndedAsync(Noon, Noon.AddDays(10));
        var open = await OpenAsync(Noon);
        var running = await RunningAsync(Noon);
        var dayBefore = await EndedAsync(Noon.AddDays(-1), Noon);
        var dayAfter = await EndedAsync(Noon.AddDays(1), Noon.AddDays(1));
        var step = Step(Noon.AddDays(5));

        var result = await JobSweep.SweepAsync(Day, null, step, Token);

        Assert.Equal(new SweepResult(1, null, Noon.AddDays(10) + step.Retention), result);
        Assert.Equal(Samples.Text(JobSnapshot.None), Samples.Text(await Jobs.ReadAsync(over, Token)));
        foreach (var id in new[] { young, open, running, dayBefore, dayAfter })
            Assert.NotNull((await Jobs.ReadAsync(id, Token)).Record);
        Assert.Single((await Jobs.ReadAsync(running, Token)).Attempts);
    }

    [Fact]
    public async Task JobSweep_OfOpenJobs_NeverRemovesThem()
    {
        var open = await OpenAsync(Noon);

        var result = await JobSweep.SweepAsync(Day, null, Step(Noon.AddYears(50)), Token);

        Assert.Equal(0, result.Removed);
        Assert.NotNull(result.LookAgainAt);
        Assert.NotNull((await Jobs.ReadAsync(open, Token)).Record);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task JobSweep_InStepsOfAnySize_CoversEveryPartitionOnce(int size)
    {
        var ended = new List<JobId>();
        var open = new List<JobId>();
        for (var i = 0; i < 20; i++)
        {
            var at = new DateTimeOffset(Day, TimeOnly.MinValue, TimeSpan.Zero).AddMinutes(i * 71).AddMilliseconds(i * 300);
            ended.Add(await EndedAsync(at, at, attempts: 1 + (i % 3)));
            if (i % 2 == 0)
                open.Add(await OpenAsync(at));
        }

        var step = Step(Noon.AddDays(5), size);
        var (removed, steps) = (0, 0);
        string? position = null;
        do
        {
            var result = await JobSweep.SweepAsync(Day, position, step, Token);
            removed += result.Removed;
            position = result.Position;
            steps++;
        }
        while (position is not null);

        Assert.Equal(ended.Count, removed);
        Assert.Equal((30 / size) + 1, steps);
        foreach (var id in ended)
            Assert.Null((await Jobs.ReadAsync(id, Token)).Record);
        foreach (var id in open)
            Assert.NotNull((await Jobs.ReadAsync(id, Token)).Record);
    }

    [Fact]
    public async Task JobSweep_Concurrently_RemovesEachOnce()
    {
        for (var i = 0; i < 60; i++)
            await EndedAsync(Noon.AddMilliseconds(i), Noon, attempts: 2);

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => JobSweep.SweepAsync(Day, null, Step(Noon.AddDays(5)), Token)));

        Assert.Equal(60, results.Sum(result => result.Removed));
        var last = await JobSweep.SweepAsync(Day, null, Step(Noon.AddDays(5)), Token);
        Assert.Equal(new SweepResult(0), last);
    }

    [Fact]
    public async Task JobSweep_OfAJobWithTheMaximumNumberOfAttempts_RemovesAllRows()
    {
        var id = await EndedAsync(Noon, Noon, attempts: JobLimits.MaxAttempts);

        Assert.Equal(1, (await JobSweep.SweepAsync(Day, null, Step(Noon.AddDays(5)), Token)).Removed);

        Assert.Equal(Samples.Text(JobSnapshot.None), Samples.Text(await Jobs.ReadAsync(id, Token)));
    }

    [Fact]
    public async Task FindOldest_OfJobsAndPayloads_ReturnsTheirFirstDay()
    {
        Assert.Null(await JobSweep.FindOldestAsync(Token));
        Assert.Null(await PayloadSweep.FindOldestAsync(Token));
        await OpenAsync(Noon.AddDays(1));
        var id = await OpenAsync(Noon);
        await Payloads.WriteAsync(PayloadName.Payload(JobId.Create(Noon.AddDays(3))), "1"u8.ToArray(), Token);
        await Payloads.WriteAsync(PayloadName.Result(id), "1"u8.ToArray(), Token);

        Assert.Equal(Day, await JobSweep.FindOldestAsync(Token));
        Assert.Equal(Day, await PayloadSweep.FindOldestAsync(Token));
    }

    [Fact]
    public async Task PayloadSweep_OfADay_RemovesOrphanedBlobsAndKeepsTheRest()
    {
        var kept = await EndedAsync(Noon, Noon);
        var gone = JobId.Create(Noon);
        var elsewhere = JobId.Create(Noon.AddDays(1));
        PayloadName[] names =
        [
            PayloadName.Payload(kept), PayloadName.Payload(gone), PayloadName.Result(gone), PayloadName.Error(gone, 2),
            PayloadName.Result(elsewhere),
        ];
        foreach (var name in names)
            await Payloads.WriteAsync(name, "1"u8.ToArray(), Token);
        var step = new SweepStep(After(TimeSpan.FromDays(2)), Noon.AddDays(-1), 100);

        var result = await PayloadSweep.SweepAsync(Day, null, step, Token);

        Assert.Equal(3, result.Removed);
        Assert.Null(result.Position);
        Assert.Equal(Noon + step.Retention, result.LookAgainAt);
        Assert.Null(await Payloads.ReadAsync(PayloadName.Error(gone, 2), Token));
        Assert.NotNull(await Payloads.ReadAsync(PayloadName.Payload(kept), Token));
        Assert.NotNull(await Payloads.ReadAsync(PayloadName.Result(elsewhere), Token));
    }

    [Fact]
    public async Task PayloadSweep_OfARecentBlobWithoutAJob_KeepsIt()
    {
        var coming = JobId.Create(Noon);
        await Payloads.WriteAsync(PayloadName.Payload(coming), "1"u8.ToArray(), Token);

        var result = await PayloadSweep.SweepAsync(Day, null, new SweepStep(After(TimeSpan.FromHours(23)), Noon.AddDays(5), 100), Token);

        Assert.Equal(0, result.Removed);
        Assert.NotNull(result.LookAgainAt);
        Assert.NotNull(await Payloads.ReadAsync(PayloadName.Payload(coming), Token));
    }

    [Fact]
    public async Task PayloadSweep_InSteps_CoversTheDay()
    {
        for (var i = 0; i < 5; i++)
            await Payloads.WriteAsync(PayloadName.Payload(JobId.Create(Noon)), "1"u8.ToArray(), Token);
        var step = new SweepStep(After(TimeSpan.FromDays(2)), Noon.AddDays(5), 2);

        var first = await PayloadSweep.SweepAsync(Day, null, step, Token);
        var second = await PayloadSweep.SweepAsync(Day, first.Position, step, Token);
        var third = await PayloadSweep.SweepAsync(Day, second.Position, step, Token);

        Assert.Equal((2, 2, 1), (first.Removed, second.Removed, third.Removed));
        Assert.Null(third.Position);
    }

    [Fact]
    public async Task DeadLetterSweep_OfADay_RemovesExpiredDeadLetters()
    {
        var over = Letter(Noon, Noon);
        var young = Letter(Noon, Noon.AddDays(9));
        var dayAfter = Letter(Noon.AddDays(1), Noon);
        foreach (var deadLetter in new[] { over, young, dayAfter })
            await DeadLetters.AddAsync(deadLetter, Token);
        var step = Step(Noon.AddDays(5));

        var result = await LetterSweep.SweepAsync(Day, null, step, Token);

        Assert.Equal(new SweepResult(1, null, Noon.AddDays(9) + step.Retention), result);
        Assert.Null(await DeadLetters.ReadAsync(over.Id, Token));
        Assert.NotNull(await DeadLetters.ReadAsync(young.Id, Token));
        Assert.NotNull(await DeadLetters.ReadAsync(dayAfter.Id, Token));
    }

    [Fact]
    public async Task DeadLetterSweep_InSteps_CoversTheDay()
    {
        for (var i = 0; i < 5; i++)
            await DeadLetters.AddAsync(Letter(Noon, Noon.AddDays(i < 2 ? 9 : 0)), Token);
        var step = Step(Noon.AddDays(5), 2);

        var first = await LetterSweep.SweepAsync(Day, null, step, Token);
        var second = await LetterSweep.SweepAsync(Day, first.Position, step, Token);
        var third = await LetterSweep.SweepAsync(Day, second.Position, step, Token);

        Assert.Equal(3, first.Removed + second.Removed + third.Removed);
        Assert.Null(third.Position);
        Assert.Equal(2, (await DeadLetters.ListAsync(new DeadLetterFilter(), null, 10, Token)).DeadLetters.Count);
    }

    [Fact]
    public async Task KeySweep_OverAllSlices_RemovesExpiredKeys()
    {
        var over = Samples.Key("t", "over") with { ExpiresAt = Noon };
        var held = Samples.Key("t", "held") with { ExpiresAt = Noon.AddDays(9) };
        await Keys.TryPutAsync(over, Token);
        await Keys.TryPutAsync(held, Token);

        var removed = 0;
        for (var slice = 0; slice < KeySweep.Slices; slice++)
            removed += await KeySweep.SweepAsync(slice, Noon.AddDays(1), 100, Token);

        Assert.Equal(1, removed);
        Assert.Null(await Keys.ReadAsync("t", "over", Token));
        Assert.NotNull(await Keys.ReadAsync("t", "held", Token));
    }

    private static SweepStep Step(DateTimeOffset over, int size = 1000) => new(over.AddDays(30), over, size);

    private static DeadLetter Letter(DateTimeOffset idAt, DateTimeOffset at) => Samples.Letter(JobId.Create(idAt)) with { At = at };

    private async Task<JobId> OpenAsync(DateTimeOffset at)
    {
        var id = JobId.Create(at);
        await Jobs.ApplyAsync(JobTransition.Enqueue(JobRecord.Enqueued(id, PriorityQueues.Normal, Samples.PlainSpec(), at)), Token);
        return id;
    }

    private async Task<JobId> RunningAsync(DateTimeOffset at)
    {
        var id = await OpenAsync(at);
        await Jobs.ApplyAsync(JobTransition.Claim(Samples.Attempt(id), PriorityQueues.Normal, Samples.PlainSpec()), Token);
        return id;
    }

    private async Task<JobId> EndedAsync(DateTimeOffset at, DateTimeOffset ended, int attempts = 1)
    {
        var id = await OpenAsync(at);
        for (var number = 1; number <= attempts; number++)
        {
            var row = Samples.Attempt(id, number);
            var claimed = await Jobs.ApplyAsync(JobTransition.Claim(row, PriorityQueues.Normal, Samples.PlainSpec()), Token);
            var held = row with { Version = claimed.AttemptVersion };
            await Jobs.ApplyAsync(
                number < attempts
                    ? JobTransition.Retry(held, Samples.Error(), ended, ended)
                    : JobTransition.Complete(held, ended, default, resultInBlob: false),
                Token);
        }

        return id;
    }
}
