using JobPipeline.Workflows.Running;

namespace JobPipeline.Conformance;

/// <summary>What <see cref="IWorkflowData"/> promises.</summary>
public abstract class WorkflowDataConformance : Suite
{
    private readonly string _instance = $"data-{Guid.NewGuid():N}";

    protected abstract IWorkflowData Data { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(60 * 1024)]
    [InlineData((60 * 1024) + 1)]
    [InlineData(IWorkflowData.MaxBytes)]
    public async Task Write_OfEverySize_IsReadAsWritten(int bytes)
    {
        var value = Value(bytes);

        await WriteAsync(WorkflowDataName.Input, value);

        var read = await Data.ReadAsync(_instance, WorkflowDataName.Input, Token);
        Assert.True(value.AsSpan().SequenceEqual(read!.Value.Span));
    }

    [Fact]
    public async Task Write_OfMoreThanIsKept_Throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(WorkflowDataName.Input, Value(IWorkflowData.MaxBytes + 1)));

    [Fact]
    public async Task Write_OfANameThatIsThere_ReplacesIt()
    {
        await WriteAsync(WorkflowDataName.Output, Value(70_000));
        await WriteAsync(WorkflowDataName.Output, Samples.Bytes("2"));

        Assert.Equal("2"u8.ToArray(), (await Data.ReadAsync(_instance, WorkflowDataName.Output, Token))!.Value.ToArray());
    }

    [Fact]
    public async Task Read_OfWhatIsNotThere_IsNull()
    {
        await WriteAsync(WorkflowDataName.Step("a"), Samples.Bytes("1"));

        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Step("b"), Token));
        Assert.Null(await Data.ReadAsync(_instance + "x", WorkflowDataName.Step("a"), Token));
    }

    [Fact]
    public async Task ReadItems_OfManyInOneWrite_AreInOrderAndOfThatStepAlone()
    {
        var items = Enumerable.Range(0, 350).Where(i => i % 7 != 3).ToList();
        await Data.WriteAsync(_instance, [.. items.AsEnumerable().Reverse().Select(i => KeyValuePair.Create(WorkflowDataName.Step("each", i), (ReadOnlyMemory<byte>)Samples.Bytes($"{i}")))], Token);
        await WriteAsync(WorkflowDataName.Step("each"), Samples.Bytes("7"));
        await WriteAsync(WorkflowDataName.Step("each_2", 1), Samples.Bytes("7"));
        await WriteAsync(WorkflowDataName.Item("each", 1), Samples.Bytes("7"));

        var read = new List<(int, string)>();
        await foreach (var (item, value) in Data.ReadItemsAsync(_instance, WorkflowDataName.Step("each"), Token))
            read.Add((item, System.Text.Encoding.UTF8.GetString(value.Span)));

        Assert.Equal(items.Select(i => (i, $"{i}")), read);
    }

    [Fact]
    public async Task Remove_OfAnInstance_RemovesAllOfItAndNothingElse()
    {
        await Data.WriteAsync(_instance, [.. Enumerable.Range(0, 250).Select(i => KeyValuePair.Create(WorkflowDataName.Item("each", i), (ReadOnlyMemory<byte>)Samples.Bytes("1")))], Token);
        await WriteAsync(WorkflowDataName.Event("e1"), Value(70_000));
        await Data.WriteAsync(_instance + "x", [KeyValuePair.Create(WorkflowDataName.Event("e1"), (ReadOnlyMemory<byte>)Samples.Bytes("1"))], Token);

        await Data.RemoveAsync(_instance, Token);
        await Data.RemoveAsync(_instance, Token);

        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Item("each", 249), Token));
        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Event("e1"), Token));
        Assert.NotNull(await Data.ReadAsync(_instance + "x", WorkflowDataName.Event("e1"), Token));
    }

    private static byte[] Value(int bytes)
    {
        var value = new byte[bytes];
        value.AsSpan().Fill((byte)'7');
        return value;
    }

    private Task WriteAsync(WorkflowDataName name, byte[] value) => Data.WriteAsync(_instance, [KeyValuePair.Create(name, (ReadOnlyMemory<byte>)value)], Token);
}
