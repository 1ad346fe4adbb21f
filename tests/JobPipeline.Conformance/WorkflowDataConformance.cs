using JobPipeline.Workflows.Instances;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IWorkflowData"/>.</summary>
public abstract class WorkflowDataConformance : Suite
{
    private readonly string _instance = $"data-{Guid.NewGuid():N}";

    private protected abstract IWorkflowData Data { get; }

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
    public async Task Write_AboveTheSizeLimit_Throws()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(WorkflowDataName.Input, Value(IWorkflowData.MaxBytes + 1)));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Data.TryWriteOutputAsync(_instance, WorkflowDataName.Step("a"), 1, Value(IWorkflowData.MaxBytes + 1), Token));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(70_000, 70_001)]
    [InlineData(70_000, 1)]
    public async Task WriteOutput_OfALaterAttempt_IsNotReplacedByAnEarlierOne(int early, int late)
    {
        var (name, item) = (WorkflowDataName.Step("a"), WorkflowDataName.Step("each", 3));
        foreach (var output in new[] { name, item })
        {
            Assert.True(await Data.TryWriteOutputAsync(_instance, output, 1, Value(early), Token));
            Assert.True(await Data.TryWriteOutputAsync(_instance, output, 1L << 32, Value(late), Token));
            Assert.True(await Data.TryWriteOutputAsync(_instance, output, 1L << 32, Value(late), Token));
            Assert.False(await Data.TryWriteOutputAsync(_instance, output, 2, Value(early), Token));
        }

        Assert.Equal(late, (await Data.ReadAsync(_instance, name, Token))!.Value.Length);
        await foreach (var (_, value) in Data.ReadItemsAsync(_instance, WorkflowDataName.Step("each"), Token))
            Assert.Equal(late, value.Length);
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(120, 10)]
    [InlineData(60, 59_000)]
    [InlineData(3, 70_000)]
    public async Task WriteOutputs_OfManyAttempts_AreReadAsWritten(int count, int bytes)
    {
        var outputs = Enumerable.Range(0, count)
            .Select(item => new StepOutput(WorkflowDataName.Step("each", item), 1, Value(bytes + item)))
            .ToList();

        await Data.WriteOutputsAsync(_instance, outputs, Token);
        await Data.WriteOutputsAsync(_instance, outputs, Token);

        var lengths = new List<int>();
        await foreach (var (_, value) in Data.ReadItemsAsync(_instance, WorkflowDataName.Step("each"), Token))
            lengths.Add(value.Length);
        Assert.Equal(outputs.Select(output => output.Value.Length), lengths);
    }

    [Fact]
    public async Task WriteOutputs_WithAnEarlierAttempt_ReplaceOnlyWhatIsEarlierStill()
    {
        Assert.True(await Data.TryWriteOutputAsync(_instance, WorkflowDataName.Step("each", 1), 5, Value(50), Token));

        var later = Enumerable.Range(0, 3).Select(item => new StepOutput(WorkflowDataName.Step("each", item), 4, Value(40)));
        await Data.WriteOutputsAsync(_instance, [.. later], Token);

        var lengths = new List<int>();
        await foreach (var (_, value) in Data.ReadItemsAsync(_instance, WorkflowDataName.Step("each"), Token))
            lengths.Add(value.Length);
        Assert.Equal([40, 50, 40], lengths);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(9, 10, 2)]
    [InlineData(5, 90, 25)]
    [InlineData(30, 40, 0)]
    public async Task ReadList_OfARange_ReturnsItsItemsInOrder(int first, int last, int expected)
    {
        var written = Enumerable.Range(0, 30)
            .Select(item => KeyValuePair.Create(WorkflowDataName.Item("each", item), (ReadOnlyMemory<byte>)Value(item + 1)));
        await Data.WriteAsync(_instance, [.. written], Token);
        await Data.TryWriteOutputAsync(_instance, WorkflowDataName.Step("each", first), 1, Value(1), Token);
        await WriteAsync(WorkflowDataName.Item("eachother", first), Value(1));

        var items = new List<(int Item, int Length)>();
        await foreach (var (item, value) in Data.ReadListAsync(_instance, "each", first, last, Token))
            items.Add((item, value.Length));

        Assert.Equal(Enumerable.Range(first, expected).Select(item => (item, item + 1)), items);
    }

    [Fact]
    public async Task Write_OfAnExistingName_ReplacesIt()
    {
        await WriteAsync(WorkflowDataName.Output, Value(70_000));
        await WriteAsync(WorkflowDataName.Output, Samples.Bytes("2"));

        Assert.Equal("2"u8.ToArray(), (await Data.ReadAsync(_instance, WorkflowDataName.Output, Token))!.Value.ToArray());
    }

    [Fact]
    public async Task Read_Missing_IsNull()
    {
        await WriteAsync(WorkflowDataName.Step("a"), Samples.Bytes("1"));

        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Step("b"), Token));
        Assert.Null(await Data.ReadAsync(_instance + "x", WorkflowDataName.Step("a"), Token));
    }

    [Fact]
    public async Task ReadItems_OfManyInOneWrite_ReturnsThatStepsItemsInOrder()
    {
        var items = Enumerable.Range(0, 350).Where(i => i % 7 != 3).ToList();
        var values = items.AsEnumerable()
            .Reverse()
            .Select(i => KeyValuePair.Create(WorkflowDataName.Step("each", i), (ReadOnlyMemory<byte>)Samples.Bytes($"{i}")));
        await Data.WriteAsync(_instance, [.. values], Token);
        await WriteAsync(WorkflowDataName.Step("each"), Samples.Bytes("7"));
        await WriteAsync(WorkflowDataName.Step("each_2", 1), Samples.Bytes("7"));
        await WriteAsync(WorkflowDataName.Item("each", 1), Samples.Bytes("7"));

        var read = new List<(int, string)>();
        await foreach (var (item, value) in Data.ReadItemsAsync(_instance, WorkflowDataName.Step("each"), Token))
            read.Add((item, System.Text.Encoding.UTF8.GetString(value.Span)));

        Assert.Equal(items.Select(i => (i, $"{i}")), read);
    }

    [Fact]
    public async Task Remove_OfAnInstance_RemovesOnlyItsData()
    {
        await WriteItemsAsync(250);
        await WriteAsync(WorkflowDataName.Event("e1"), Value(70_000));
        await Data.WriteAsync(
            _instance + "x", [KeyValuePair.Create(WorkflowDataName.Event("e1"), (ReadOnlyMemory<byte>)Samples.Bytes("1"))], Token);

        await Data.RemoveAsync(_instance, Token);
        await Data.RemoveAsync(_instance, Token);

        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Item("each", 249), Token));
        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Event("e1"), Token));
        Assert.NotNull(await Data.ReadAsync(_instance + "x", WorkflowDataName.Event("e1"), Token));
    }

    [Fact]
    public async Task Remove_Concurrently_RemovesAll()
    {
        await WriteItemsAsync(250);

        await Task.WhenAll(Data.RemoveAsync(_instance, Token), Data.RemoveAsync(_instance, Token));

        Assert.Null(await Data.ReadAsync(_instance, WorkflowDataName.Item("each", 249), Token));
    }

    [Fact]
    public async Task ListChildren_OfAnInstance_ReturnsTheRecordedOnes()
    {
        await WriteAsync(WorkflowDataName.Child("c-2"), Samples.Bytes("true"));
        await WriteAsync(WorkflowDataName.Child("c-1"), Samples.Bytes("true"));
        await WriteAsync(WorkflowDataName.Child("c-1"), Samples.Bytes("true"));
        await WriteAsync(WorkflowDataName.Step("child"), Samples.Bytes("1"));
        await Data.WriteAsync(
            _instance + "x", [KeyValuePair.Create(WorkflowDataName.Child("c-3"), (ReadOnlyMemory<byte>)Samples.Bytes("true"))], Token);

        var children = new List<string>();
        await foreach (var child in Data.ListChildrenAsync(_instance, Token))
            children.Add(child);

        Assert.Equal(["c-1", "c-2"], children.Order(StringComparer.Ordinal));
    }

    private static byte[] Value(int bytes)
    {
        var value = new byte[bytes];
        value.AsSpan().Fill((byte)'7');
        return value;
    }

    private Task WriteItemsAsync(int count)
    {
        var items = Enumerable.Range(0, count)
            .Select(i => KeyValuePair.Create(WorkflowDataName.Item("each", i), (ReadOnlyMemory<byte>)Samples.Bytes("1")));
        return Data.WriteAsync(_instance, [.. items], Token);
    }

    private Task WriteAsync(WorkflowDataName name, byte[] value) =>
        Data.WriteAsync(_instance, [KeyValuePair.Create(name, (ReadOnlyMemory<byte>)value)], Token);
}
