using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>What a turn reads to prepare the jobs of several step attempts.</summary>
public sealed class TurnValuesTests
{
    private const string Instance = "an-instance";

    private readonly CountedData _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OfConsecutiveItems_IsOneQuery()
    {
        await WriteItemsAsync(0, 10);
        var values = Values(3, 4, 5, 6);

        Assert.Equal(["\"3\"", "\"4\"", "\"5\"", "\"6\""], await ReadAsync(values, 3, 4, 5, 6));

        Assert.Equal((1, 0), (_data.Queries, _data.Reads));
    }

    [Fact]
    public async Task Read_OfItemsWithGaps_ReadsNothingInBetween()
    {
        await WriteItemsAsync(0, 10);
        var values = Values(0, 1, 4, 8, 9);

        Assert.Equal(["\"0\"", "\"1\"", "\"4\"", "\"8\"", "\"9\""], await ReadAsync(values, 0, 1, 4, 8, 9));

        Assert.Equal((2, 1), (_data.Queries, _data.Reads));
        Assert.Equal(4, _data.Returned);
    }

    [Fact]
    public async Task Read_OfNoItem_MakesNoQuery()
    {
        await WriteItemsAsync(0, 10);

        Values(3, 4, 5);

        Assert.Equal((0, 0), (_data.Queries, _data.Reads));
    }

    [Fact]
    public async Task Read_OfWhatItemsHaveInCommon_IsOneRead()
    {
        await _data.WriteAsync(Instance, [KeyValuePair.Create(WorkflowDataName.Input, Json("{}"))], Token);
        var values = Values(0, 1);

        await Task.WhenAll(
            values.ReadAsync(Instance, WorkflowDataName.Input, Token), values.ReadAsync(Instance, WorkflowDataName.Input, Token));

        Assert.Equal((0, 1), (_data.Queries, _data.Reads));
    }

    [Fact]
    public async Task Read_WhenTheQueryFails_ReadsEachItem()
    {
        await WriteItemsAsync(0, 3);
        _data.IsQueryFailing = true;

        Assert.Equal(["\"0\"", "\"1\"", null], await ReadAsync(Values(0, 1, 7), 0, 1, 7));
    }

    private TurnValues Values(params int[] items) =>
        new(_data, Instance, items.Select(item => new StepRun("each", 1, item)), Token);

    private Task WriteItemsAsync(int first, int count) => _data.WriteAsync(
        Instance,
        [.. Enumerable.Range(first, count).Select(item => KeyValuePair.Create(WorkflowDataName.Item("each", item), Json($"\"{item}\"")))],
        Token);

    private static async Task<string?[]> ReadAsync(TurnValues values, params int[] items) => await Task.WhenAll(items.Select(async item =>
        await values.ReadAsync(Instance, WorkflowDataName.Item("each", item), Token) is { } value
            ? System.Text.Encoding.UTF8.GetString(value.Span)
            : null));

    private static ReadOnlyMemory<byte> Json(string json) => System.Text.Encoding.UTF8.GetBytes(json);

    private sealed class CountedData : IWorkflowData
    {
        private readonly InMemoryWorkflowData _inner = new();

        public int Queries { get; private set; }

        public int Reads { get; private set; }

        public int Returned { get; private set; }

        public bool IsQueryFailing { get; set; }

        public Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken)
        {
            Reads++;
            return _inner.ReadAsync(instance, name, cancellationToken);
        }

        public async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadListAsync(
            string instance,
            string step,
            int first,
            int last,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Queries++;
            if (IsQueryFailing)
                throw new IOException("scripted");
            await foreach (var entry in ((IWorkflowData)_inner).ReadListAsync(instance, step, first, last, cancellationToken))
            {
                Returned++;
                yield return entry;
            }
        }

        public Task WriteAsync(
            string instance,
            IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
            CancellationToken cancellationToken) => _inner.WriteAsync(instance, values, cancellationToken);

        public Task<bool> TryWriteOutputAsync(
            string instance, WorkflowDataName name, long rank, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
            _inner.TryWriteOutputAsync(instance, name, rank, value, cancellationToken);

        public IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
            string instance, WorkflowDataName step, CancellationToken cancellationToken) =>
            _inner.ReadItemsAsync(instance, step, cancellationToken);

        public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
            _inner.ListChildrenAsync(instance, cancellationToken);

        public Task RemoveAsync(string instance, CancellationToken cancellationToken) => _inner.RemoveAsync(instance, cancellationToken);
    }
}
