using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IInstanceStore"/>.</summary>
public abstract class InstanceStoreConformance : Suite
{
    private protected abstract IInstanceStore Store { get; }

    [Fact]
    public async Task Put_OfAFullRow_IsListedAsWritten()
    {
        var instance = Full(Samples.Awkward);

        await Store.PutAsync(instance, Token);

        var listed = await OnlyAsync();
        Assert.NotNull(listed.Version);
        Assert.Equal(Samples.Text(instance), Samples.Text(listed with { Version = null }));
    }

    [Fact]
    public async Task Put_OverARescuedRow_RestoresTheInstance()
    {
        await Store.PutAsync(Full("a"), Token);
        var beat = Plain("a");

        await Store.PutAsync(beat, Token);

        Assert.Equal(Samples.Text(beat), Samples.Text(await OnlyAsync() with { Version = null }));
    }

    [Fact]
    public async Task Put_WithTheMaximumNumberOfJobs_FitsTheRow()
    {
        var jobs = Enumerable.Range(0, Instance.MaxListed)
            .Select(_ => new InFlightJob(Samples.NewId(), JobLimits.MaxAttempts, PriorityQueues.High))
            .ToList();

        await Store.PutAsync(Plain("a") with { InFlight = jobs, InFlightCount = 10_000 }, Token);

        Assert.Equal(jobs, (await OnlyAsync()).InFlight);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(20_000)]
    public async Task Put_WithAnyNumberOfJobTypes_StoresAll(int count)
    {
        // Job type names of the maximum length that share a long prefix, like those of one company.
        var names = Enumerable.Range(0, count).Select(i => $"company.department{i % 40}.{new string('x', 90)}.{i:D8}");
        var types = names.Select((name, i) => new KnownJobType(name, i % 2 == 0 ? PriorityQueues.Normal : PriorityQueues.High)).ToList();
        await Store.PutAsync(Plain("a") with { JobTypes = types }, Token);
        Assert.Equal(types, (await OnlyAsync()).JobTypes);

        var read = await OnlyAsync();
        Assert.NotNull(await Store.TryReplaceAsync(read with { RescuedAt = Samples.Now }, Token));
        Assert.Equal(types, (await OnlyAsync()).JobTypes);
    }

    [Fact]
    public async Task Put_WithoutJobTypes_ListsNullInsteadOfAnEmptyList()
    {
        await Store.PutAsync(Plain("a") with { JobTypes = [new KnownJobType("b", PriorityQueues.Low)] }, Token);
        await Store.PutAsync(Plain("a"), Token);
        Assert.Null((await OnlyAsync()).JobTypes);
    }

    [Fact]
    public async Task TryReplace_Concurrently_OneWins()
    {
        await Store.PutAsync(Plain("a"), Token);
        var read = await OnlyAsync();
        var rescuers = Enumerable.Range(1, 5).Select(i => read with { RescueUntil = Samples.Now.AddMinutes(i) }).ToArray();

        var versions = await Task.WhenAll(rescuers.Select(rescuer => Store.TryReplaceAsync(rescuer, Token)));

        var (winner, version) = Assert.Single(rescuers.Zip(versions), pair => pair.Second is not null);
        var stored = await OnlyAsync();
        Assert.Equal((winner.RescueUntil, version), (stored.RescueUntil, stored.Version));
        Assert.NotNull(await Store.TryReplaceAsync(stored with { RescuedAt = Samples.Now }, Token));
    }

    [Fact]
    public async Task TryReplaceAndRemove_AfterAnotherHeartbeat_AreRejected()
    {
        await Store.PutAsync(Plain("a"), Token);
        var read = await OnlyAsync();
        await Store.PutAsync(Plain("a") with { LastHeartbeatAt = Samples.Now.AddSeconds(10) }, Token);

        Assert.Null(await Store.TryReplaceAsync(read with { RescuedAt = Samples.Now }, Token));
        Assert.False(await Store.TryRemoveAsync(read, Token));

        Assert.Null((await OnlyAsync()).RescuedAt);
    }

    [Fact]
    public async Task TryRemove_WithCurrentVersion_RemovesOnce()
    {
        await Store.PutAsync(Plain("a"), Token);
        await Store.PutAsync(Plain("A"), Token);
        var read = (await Store.ListAsync(Token)).Single(instance => instance.Name == "a");

        Assert.True(await Store.TryRemoveAsync(read, Token));

        Assert.False(await Store.TryRemoveAsync(read, Token));
        Assert.Null(await Store.TryReplaceAsync(read, Token));
        Assert.Equal("A", (await OnlyAsync()).Name);
    }

    private static Instance Plain(string name) =>
        new() { Name = name, Kind = "self-host", StartedAt = Samples.Now, LastHeartbeatAt = Samples.Now.AddTicks(1) };

    private static Instance Full(string name) => Plain(name) with
    {
        InFlightCount = 3,
        InFlight = [new InFlightJob(Samples.NewId(), 2, PriorityQueues.Low)],
        OpenCircuits =
        [
            new CircuitStatus(Samples.Awkward, CircuitState.Open, Samples.Now, Samples.Now.AddTicks(5)),
            new CircuitStatus("b", CircuitState.HalfOpen),
        ],
        Waiting = [new QueueWait(PriorityQueues.High, Samples.Now.AddTicks(-1)), new QueueWait(PriorityQueues.Low, Samples.Now)],
        Governor = new GovernorStatus(GovernorLevel.Easing, Samples.Now.AddTicks(-2), 7, 5L << 40, 1L << 45),
        JobTypes = [new KnownJobType("a.b", PriorityQueues.Low), new KnownJobType("c", PriorityQueues.Normal)],
        StoppedAt = Samples.Now.AddTicks(2),
        StopReason = Samples.Awkward,
        RescueUntil = Samples.Now.AddTicks(3),
        RescuedAt = Samples.Now.AddTicks(4),
    };

    private async Task<Instance> OnlyAsync() => Assert.Single(await Store.ListAsync(Token));
}
