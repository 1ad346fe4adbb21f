using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests.GroupCommit;

/// <summary>The contract of group commit, tested against the real service.</summary>
[Slow]
public sealed class GroupCommitterTests(AzuriteFixture azurite) : Suite
{
    [Fact]
    public async Task Commit_FiftyClaimsOfOnePartition_AreTwoTransactions()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var store = new TableJobStore(scene.Watched);
        var rows = Enumerable.Range(0, 51).Select(_ => Samples.Attempt(Samples.NewId())).ToArray();
        Task<TransitionResult> ClaimAsync(Attempt row) =>
            store.ApplyAsync(JobTransition.Claim(row, PriorityQueues.Normal, Samples.PlainSpec()), Token);

        var claims = await scene.GatherAsync(
            () => ClaimAsync(rows[0]),
            rows.Skip(1).Select(row => (Func<Task<TransitionResult>>)(() => ClaimAsync(row))));

        Assert.All(await Task.WhenAll(claims), result => Assert.True(result.Applied));
        // The fifty that queued up behind the first.
        Assert.Equal(1, scene.Probe.Transactions);
        Assert.Equal(102, (await scene.RowsAsync()).Count);
    }

    [Fact]
    public async Task Commit_ReturnedVersions_AreTheStoredOnes()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(0, 10).Select(
                i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(CommitScene.Add($"{i}a"), CommitScene.Add($"{i}b")))));

        foreach (var (etags, i) in (await Task.WhenAll(commits)).Select((etags, i) => (etags, i)))
        {
            Assert.Equal(
                (await scene.Table.GetEntityAsync<TableEntity>(CommitScene.Partition, $"{i}a", cancellationToken: Token)).Value.ETag
                    .ToString(),
                etags![0]);
            Assert.Equal(
                (await scene.Table.GetEntityAsync<TableEntity>(CommitScene.Partition, $"{i}b", cancellationToken: Token)).Value.ETag
                    .ToString(),
                etags[1]);
        }
    }

    [Fact]
    public async Task Commit_OneConflictAmongFifty_RejectsOnlyThatOne()
    {
        var scene = await CommitScene.NewAsync(azurite);
        await scene.Table.AddEntityAsync(new TableEntity(CommitScene.Partition, "30b"), Token);

        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(0, 50).Select(
                i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(CommitScene.Add($"{i}a"), CommitScene.Add($"{i}b")))));

        var results = await Task.WhenAll(commits);
        Assert.Equal([30], Enumerable.Range(0, 50).Where(i => results[i] is null));
        var rows = await scene.RowsAsync();
        Assert.DoesNotContain("30a", rows, StringComparer.Ordinal);
        Assert.Equal(1 + 49 * 2 + 1, rows.Count);
        Assert.Equal(2, scene.Probe.Transactions);
    }

    [Fact]
    public async Task Commit_EveryKindOfConflictAmongMany_RejectsOnlyThose()
    {
        var scene = await CommitScene.NewAsync(azurite);
        await scene.Table.AddEntityAsync(new TableEntity(CommitScene.Partition, "there"), Token);
        await scene.Table.AddEntityAsync(new TableEntity(CommitScene.Partition, "changed"), Token);
        TableTransactionAction[] conflicts =
        [
            CommitScene.Add("there"),
            new(
                TableTransactionActionType.UpdateReplace,
                new TableEntity(CommitScene.Partition, "changed"),
                new ETag("W/\"datetime'2001-01-01T00%3A00%3A00.0000000Z'\"")),
            new(TableTransactionActionType.UpdateMerge, new TableEntity(CommitScene.Partition, "missing"), ETag.All),
        ];
        TableTransactionAction[] all =
        [
            .. Enumerable.Range(0, 10).Select(i => CommitScene.Add($"{i}")), .. conflicts,
            .. Enumerable.Range(10, 10).Select(i => CommitScene.Add($"{i}")),
        ];

        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            all.Select(action => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(action))));

        var results = await Task.WhenAll(commits);
        Assert.Equal(conflicts, all.Zip(results).Where(pair => pair.Second is null).Select(pair => pair.First));
        Assert.Equal(1 + 2 + 20, (await scene.RowsAsync()).Count);
        Assert.InRange(scene.Probe.Transactions, 1, 2 + all.Length);
    }

    [Theory]
    [InlineData(1, 66_000)] // a column above 64 KiB
    [InlineData(80, 60_000)] // a request above 4 MiB
    public async Task Commit_RowThatTheServiceRejects_FailsAlone(int columns, int size)
    {
        var scene = await CommitScene.NewAsync(azurite);
        TableTransactionAction Row(int i) => i == 7 ? CommitScene.Add("7", size, columns) : CommitScene.Add($"{i}");

        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(0, 20).Select(i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(Row(i)))));

        var error = await Assert.ThrowsAnyAsync<RequestFailedException>(() => commits[7]);
        Assert.True(error.Status is 400 or 413, error.Message);
        Assert.All(await Task.WhenAll(commits.Where((_, i) => i != 7)), Assert.NotNull);
        Assert.Equal(20, (await scene.RowsAsync()).Count);
    }

    [Fact]
    public async Task Submit_BatchAboveTheSizeLimit_IsSentGroupByGroup()
    {
        var scene = await CommitScene.NewAsync(azurite);
        RowGroup[] groups = [.. Enumerable.Range(0, 8).Select(i => new RowGroup([CommitScene.Add($"{i}", 60_000, 10)]))];

        await new TransactionSubmitter(scene.Watched).SubmitAsync(groups);

        Assert.All(await Task.WhenAll(groups.Select(group => group.Answer)), Assert.NotNull);
        Assert.InRange(scene.Probe.Transactions, 1 + groups.Length, 2 + groups.Length);
    }

    [Fact]
    public async Task Commit_TableIsMissing_EveryGroupFails()
    {
        var scene = await CommitScene.NewAsync(azurite);
        await scene.Table.DeleteAsync(Token);

        Task<IReadOnlyList<string>?>[] commits = [.. Enumerable.Range(0, 5).Select(i => scene.CommitAsync(CommitScene.Add($"{i}")))];

        foreach (var commit in commits)
            await Assert.ThrowsAsync<TableTransactionFailedException>(() => commit);
    }

    [Fact]
    public async Task Commit_BeforeTheServiceResponds_IsNotAcknowledged()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var (asked, mayGo) = (NewSignal(), NewSignal());
        var (answered, mayReturn) = (NewSignal(), NewSignal());
        scene.Probe.BeforeRequest = () => HoldAsync(asked, mayGo);
        scene.Probe.AfterAnswer = () => HoldAsync(answered, mayReturn);

        var commit = scene.CommitAsync(CommitScene.Add("row"));

        await asked.Task;
        Assert.False(commit.IsCompleted);
        Assert.Empty(await scene.RowsAsync());
        mayGo.SetResult();
        await answered.Task;
        Assert.False(commit.IsCompleted);
        mayReturn.SetResult();
        Assert.NotNull(await commit);
        Assert.Equal(["row"], await scene.RowsAsync());
    }

    [Fact]
    public async Task Commit_SameRowInTwoGroups_AreTwoTransactionsInOrder()
    {
        var scene = await CommitScene.NewAsync(azurite);
        TableTransactionAction Write(int value) => new(
            TableTransactionActionType.UpsertReplace, new TableEntity(CommitScene.Partition, "row") { ["Value"] = value });

        var commits = await scene.GatherAsync(
            () => scene.CommitAsync(CommitScene.Add("first")),
            Enumerable.Range(1, 3).Select(i => (Func<Task<IReadOnlyList<string>?>>)(() => scene.CommitAsync(Write(i)))));

        await Task.WhenAll(commits);
        Assert.Equal(3, scene.Probe.Transactions);
        Assert.Equal(
            3,
            (await scene.Table.GetEntityAsync<TableEntity>(CommitScene.Partition, "row", cancellationToken: Token)).Value
                .GetInt32("Value"));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("<")]
    [InlineData("\u0001")]
    [InlineData("😀")]
    public async Task Bytes_RowOfEscapedText_BoundTheRequestSize(string part)
    {
        var scene = await CommitScene.NewAsync(azurite);
        var entity =
            new TableEntity(CommitScene.Partition, "row") { ["Text"] = string.Concat(Enumerable.Repeat(part, 30_000 / part.Length)) };
        var group = new RowGroup([new TableTransactionAction(TableTransactionActionType.Add, entity)]);

        Assert.NotNull(await scene.Committer.CommitAsync(CommitScene.Partition, group));

        Assert.InRange(Assert.Single(scene.Probe.Lengths), 1, group.Bytes);
    }

    [Fact]
    public async Task Bytes_RowsOfAJob_BoundTheRequestSize()
    {
        var scene = await CommitScene.NewAsync(azurite);
        var row = Samples.FullAttempt(Samples.NewId()) with { Checkpoint = new byte[48 * 1024] };
        var group = new RowGroup(
        [
            new(TableTransactionActionType.Add, AttemptEntity.From(row)),
            new(
                TableTransactionActionType.Add,
                RecordEntity.From(row.Job,
                    new RecordWrite(RecordCondition.Absent, Samples.Status(), PriorityQueues.Normal, Samples.Spec()))),
        ]);

        Assert.NotNull(await scene.Committer.CommitAsync(JobRows.Partition(row.Job), group));

        Assert.InRange(Assert.Single(scene.Probe.Lengths), 1, group.Bytes);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task HoldAsync(TaskCompletionSource reached, TaskCompletionSource mayGoOn)
    {
        reached.TrySetResult();
        return mayGoOn.Task;
    }
}
