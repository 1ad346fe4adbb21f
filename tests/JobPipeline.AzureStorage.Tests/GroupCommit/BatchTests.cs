using Azure.Data.Tables;
using CsCheck;
using JobPipeline.AzureStorage.GroupCommit;

namespace JobPipeline.AzureStorage.Tests.GroupCommit;

public sealed class BatchTests
{
    private const int ServiceRows = 100;
    private const int ServiceBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Groups of one to three rows, with and without rows in common; some of them large.
    /// </summary>
    private static readonly Gen<RowGroup[]> Groups = Gen.OneOf(GroupsOf(400), GroupsOf(10_000_000));

    [Fact]
    public void Take_AnyQueue_NeverExceedsTheServiceLimits() => Groups.Sample(groups =>
        Batches(groups).TrueForAll(batch =>
            batch.Sum(group => group.Actions.Count) <= ServiceRows
            && batch.Sum(group => group.Bytes) < ServiceBytes
            && batch.SelectMany(group => group.Actions).Select(action => action.Entity.RowKey).Distinct(StringComparer.Ordinal).Count()
                == batch.Sum(group => group.Actions.Count)));

    [Fact]
    public void Take_AnyQueue_TakesAllInOrder() => Groups.Sample(groups =>
        Batches(groups) is var batches
            && batches.TrueForAll(batch => batch.Count > 0)
            && batches.SelectMany(batch => batch).SequenceEqual(groups));

    [Fact]
    public void Take_AnyQueue_FillsTheBatch() => Groups.Sample(groups =>
    {
        var batches = Batches(groups);
        return batches.Zip(batches.Skip(1)).All(pair =>
        {
            List<RowGroup> joined = [.. pair.First, pair.Second[0]];
            var rows = joined.SelectMany(group => group.Actions).Select(action => action.Entity.RowKey).ToList();
            return rows.Count > ServiceRows
                || rows.Distinct(StringComparer.Ordinal).Count() < rows.Count
                || joined.Sum(group => group.Bytes) > 3_500_000;
        });
    });

    [Fact]
    public void Take_GroupLargerThanAnyBatch_IsSentAlone()
    {
        RowGroup[] groups = [Group(10, [1]), Group(3_900_000, [2]), Group(10, [3])];

        Assert.Equal([1, 1, 1], Batches(groups).Select(batch => batch.Count));
    }

    private static Gen<RowGroup[]> GroupsOf(int rows) =>
        Gen.Select(
            Gen.Int[0, rows].Array[1, 3],
            Gen.Frequency((50, Gen.Int[0, 100]), (1, Gen.Int[0, 1_000_000])),
            (keys, size) => Group(size, [.. keys.Distinct()]))
            .Array[1, 300];

    private static List<List<RowGroup>> Batches(RowGroup[] groups)
    {
        var waiting = new Queue<RowGroup>(groups);
        var batches = new List<List<RowGroup>>();
        while (waiting.Count > 0)
            batches.Add(Batch.Take(waiting));
        return batches;
    }

    private static RowGroup Group(int size, int[] rows) => new([
        .. rows.Select(
            row => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity("p", $"{row}") { ["Data"] = new byte[size] }))]);
}
