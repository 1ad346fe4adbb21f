using System.Text;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IWorkflowStore"/>.</summary>
public abstract class WorkflowStoreConformance : Suite
{
    private protected abstract IWorkflowStore Store { get; }

    /// <summary>The values of the same storage.</summary>
    private protected abstract IWorkflowData Data { get; }

    [Theory]
    [InlineData(4)]
    [InlineData(100_000)]
    public async Task Write_WithOutputs_StoresBoth(int bytes)
    {
        var instance = WorkflowSamples.Instance("with-outputs");
        var version = await Store.TryWriteAsync(instance, Token);
        var value = Encoding.UTF8.GetBytes($"\"{new string('x', bytes - 2)}\"");
        var outputs = Enumerable.Range(0, IWorkflowStore.MaxOutputs)
            .Select(item => new StepOutput(WorkflowDataName.Step("a", item), 7, item == 0 ? value : "1"u8.ToArray()));

        version = await Store.TryWriteAsync(instance with { Version = version, CorrelationId = "x", Outputs = [.. outputs] }, Token);

        var read = await Store.ReadAsync(instance.Id, Token);
        Assert.Equal(("x", version), (read?.CorrelationId, read?.Version));
        Assert.Equal(value, (await Data.ReadAsync(instance.Id, WorkflowDataName.Step("a", 0), Token))!.Value.ToArray());
        Assert.NotNull(await Data.ReadAsync(instance.Id, WorkflowDataName.Step("a", IWorkflowStore.MaxOutputs - 1), Token));
        Assert.False(await Data.TryWriteOutputAsync(instance.Id, WorkflowDataName.Step("a", 0), 6, "2"u8.ToArray(), Token));
    }

    [Fact]
    public async Task Write_OfAChangedInstance_StoresNoOutput()
    {
        var instance = WorkflowSamples.Instance("refused");
        var version = await Store.TryWriteAsync(instance, Token);
        await Store.TryWriteAsync(instance with { Version = version, CorrelationId = "another" }, Token);
        var output = new StepOutput(WorkflowDataName.Step("a"), 7, "1"u8.ToArray());

        Assert.Null(await Store.TryWriteAsync(instance with { Version = version, Outputs = [output] }, Token));

        Assert.Null(await Data.ReadAsync(instance.Id, WorkflowDataName.Step("a"), Token));
    }

    [Fact]
    public async Task Remove_OfTheValues_LeavesTheInstance()
    {
        var instance = WorkflowSamples.Instance("kept");
        await Store.TryWriteAsync(instance, Token);
        await Data.WriteAsync(instance.Id, [KeyValuePair.Create(WorkflowDataName.Input, (ReadOnlyMemory<byte>)"1"u8.ToArray())], Token);

        await Data.RemoveAsync(instance.Id, Token);

        Assert.Null(await Data.ReadAsync(instance.Id, WorkflowDataName.Input, Token));
        Assert.NotNull(await Store.ReadAsync(instance.Id, Token));
    }

    [Theory]
    [InlineData("an-instance")]
    [InlineData("A:b.c_d-9")]
    public async Task Write_OfEveryField_IsReadAsWritten(string id)
    {
        var written = WorkflowSamples.Full(id);

        var version = await Store.TryWriteAsync(written, Token);

        var read = await Store.ReadAsync(id, Token);
        Assert.NotNull(version);
        Assert.Equal(version, read?.Version);
        Assert.Equal(WorkflowSamples.Text(written), WorkflowSamples.Text(read));
    }

    [Fact]
    public async Task Write_OfManySteps_IsReadAsWritten()
    {
        var error = new string('漢', 300);
        var full = WorkflowSamples.Full("large");
        var written =
            full with { State = full.State with { Mailbox = [.. Enumerable.Range(0, 100).Select(i => new RaisedEvent(error, $"{i}"))] } };

        await Store.TryWriteAsync(written, Token);

        Assert.Equal(WorkflowSamples.Text(written), WorkflowSamples.Text(await Store.ReadAsync("large", Token)));
    }

    [Fact]
    public async Task Write_OfAnExistingInstance_ChangesNothing()
    {
        await Store.TryWriteAsync(WorkflowSamples.Instance("twice"), Token);

        Assert.Null(await Store.TryWriteAsync(WorkflowSamples.Full("twice"), Token));

        Assert.Equal(WorkflowStatus.Running, (await Store.ReadAsync("twice", Token))!.State.Status);
    }

    [Fact]
    public async Task Write_WithStaleVersion_ChangesNothing()
    {
        var first = WorkflowSamples.Instance("raced") with { Version = null };
        var version = await Store.TryWriteAsync(first, Token);
        var second = await Store.TryWriteAsync(first with { Version = version, CorrelationId = "second" }, Token);

        Assert.Null(await Store.TryWriteAsync(first with { Version = version, CorrelationId = "third" }, Token));

        Assert.NotEqual(version, second);
        Assert.Equal("second", (await Store.ReadAsync("raced", Token))!.CorrelationId);
    }

    [Fact]
    public async Task Write_OfARemovedInstance_DoesNotRestoreIt()
    {
        var instance = WorkflowSamples.Instance("gone");
        var version = await Store.TryWriteAsync(instance, Token);
        Assert.True(await Store.RemoveAsync("gone", Token));

        Assert.Null(await Store.TryWriteAsync(instance with { Version = version }, Token));

        Assert.Null(await Store.ReadAsync("gone", Token));
        Assert.False(await Store.RemoveAsync("gone", Token));
        Assert.DoesNotContain(
            (await Store.ListAsync(new WorkflowFilter(), null, IWorkflowStore.MaxLimit, Token)).Instances,
            instance => instance.Id == "gone");
    }

    [Fact]
    public async Task Write_OfAnExistingInstance_IsListedOnce()
    {
        await Store.TryWriteAsync(WorkflowSamples.Instance("first", Samples.Now.AddDays(20), "rivals"), Token);

        Assert.Null(await Store.TryWriteAsync(WorkflowSamples.Instance("first", Samples.Now.AddDays(21), "rivals"), Token));

        Assert.Equal(["first"], await ListAsync(new WorkflowFilter("rivals")));
    }

    [Fact]
    public async Task RemoveListing_OfAFailedStart_KeepsTheExistingInstance()
    {
        var instance = WorkflowSamples.Instance("listed", Samples.Now.AddDays(30), "listings");
        await Store.TryWriteAsync(instance, Token);

        await Store.RemoveListingAsync(WorkflowSummary.Of(instance) with { CreatedAt = Samples.Now.AddDays(31) }, Token);

        Assert.Equal(["listed"], await ListAsync(new WorkflowFilter("listings")));
        Assert.NotNull(await Store.ReadAsync("listed", Token));
    }

    [Fact]
    public async Task List_WhilePagesAreRemoved_SkipsNone()
    {
        for (var i = 0; i < 5; i++)
            await Store.TryWriteAsync(WorkflowSamples.Instance($"removed-{i}", Samples.Now.AddDays(60).AddHours(i), "removed"), Token);
        var filter = new WorkflowFilter("removed");
        var first = await Store.ListAsync(filter, null, 2, Token);
        foreach (var instance in first.Instances)
            await Store.RemoveAsync(instance.Id, Token);

        var second = await Store.ListAsync(filter, first.Next, 3, Token);

        Assert.Equal(["removed-2", "removed-1", "removed-0"], second.Instances.Select(instance => instance.Id));
    }

    [Fact]
    public async Task List_AcrossDays_IsNewestFirstAndContinuesAtItsCursor()
    {
        var day = Samples.Now.AddDays(-40);
        for (var i = 0; i < 7; i++)
            await Store.TryWriteAsync(WorkflowSamples.Instance($"paged-{i}", day.AddHours(i * 20), "paged"), Token);
        var filter = new WorkflowFilter("paged");
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Store.ListAsync(filter, cursor, 2, Token);
            Assert.True(page.Instances.Count <= 2);
            found.AddRange(page.Instances.Select(instance => instance.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"paged-{i}"), found);
    }

    [Fact]
    public async Task List_ByStateAndTime_UsesTheCurrentState()
    {
        var instance = WorkflowSamples.Instance("became", Samples.Now.AddDays(3), "filtered");
        var version = await Store.TryWriteAsync(instance, Token);
        await Store.TryWriteAsync(WorkflowSamples.Instance("other", Samples.Now.AddDays(4), "filtered"), Token);
        await Store.TryWriteAsync(
            instance with { Version = version, State = instance.State with { Status = WorkflowStatus.Completed } }, Token);

        Assert.Equal(["became"], await ListAsync(new WorkflowFilter("filtered", WorkflowStatus.Completed)));
        Assert.Equal(["other"], await ListAsync(new WorkflowFilter("filtered", WorkflowStatus.Running)));
        Assert.Equal(["other"], await ListAsync(new WorkflowFilter("filtered", From: Samples.Now.AddDays(4))));
        Assert.Equal(["became"], await ListAsync(new WorkflowFilter("filtered", To: Samples.Now.AddDays(4))));
        Assert.Empty(await ListAsync(new WorkflowFilter("filtered", WorkflowStatus.Failed)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task List_WithAnInvalidCursor_Throws(string cursor) =>
        await Assert.ThrowsAsync<FormatException>(() => Store.ListAsync(new WorkflowFilter(), cursor, 10, Token));

    private async Task<IEnumerable<string>> ListAsync(WorkflowFilter filter) =>
        (await Store.ListAsync(filter, null, IWorkflowStore.MaxLimit, Token)).Instances.Select(instance => instance.Id);
}
