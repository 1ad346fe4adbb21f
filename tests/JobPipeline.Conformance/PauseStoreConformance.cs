using JobPipeline.Limits.Pauses;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IPauseStore"/>.</summary>
public abstract class PauseStoreConformance : Suite
{
    public static TheoryData<string> Names => ["jobs", Samples.Awkward, "/\\#?%", "a_b", "a_005fb", "A", "a", new string('漢', 100)];

    protected abstract IPauseStore Store { get; }

    [Fact]
    public async Task Put_OfEveryName_IsListedAsWritten()
    {
        var pauses = Names.Select(name => new Pause(PauseTarget.JobType, name, Samples.Now, Samples.Awkward, Samples.Awkward)).ToList();
        pauses.Add(new Pause(PauseTarget.Queue, "jobs", Samples.Now.AddTicks(1), "key 'ops'"));

        foreach (var pause in pauses)
            await Store.PutAsync(pause, Token);

        Assert.Equal(pauses.ToHashSet(), (await Store.ListAsync(Token)).ToHashSet());
    }

    [Fact]
    public async Task Put_OfAPausedTarget_ReplacesThePause()
    {
        await Store.PutAsync(new Pause(PauseTarget.Queue, "jobs", Samples.Now, "ada", "because"), Token);
        var second = new Pause(PauseTarget.Queue, "jobs", Samples.Now, "bob");

        await Store.PutAsync(second, Token);

        Assert.Equal(second, Assert.Single(await Store.ListAsync(Token)));
    }

    [Fact]
    public async Task Remove_OfOne_KeepsTheOthers()
    {
        var queue = new Pause(PauseTarget.Queue, "jobs", Samples.Now, "ada");
        await Store.PutAsync(queue, Token);
        await Store.PutAsync(queue with { Target = PauseTarget.JobType }, Token);

        await Store.RemoveAsync(PauseTarget.JobType, "jobs", Token);
        await Store.RemoveAsync(PauseTarget.JobType, "jobs", Token);

        Assert.Equal(queue, Assert.Single(await Store.ListAsync(Token)));
    }

    [Fact]
    public async Task List_OfNone_IsEmpty() => Assert.Empty(await Store.ListAsync(Token));
}
