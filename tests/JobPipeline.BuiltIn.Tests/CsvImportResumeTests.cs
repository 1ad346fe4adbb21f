using System.Globalization;
using Azure.Storage.Blobs.Specialized;
using CsCheck;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>An interrupted import leaves the same rows and rejects as an uninterrupted one.</summary>
[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class CsvImportResumeTests(BuiltInStorage storage)
{
    private const string Type = "csv.import";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // 60 lines; every seventh is invalid and long, so that rejects are appended midway; every eleventh repeats a key.
    private static readonly string Content = "key,\"the\nvalue\"\n" + string.Concat(Enumerable.Range(0, 60).Select(Line));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Import_InterruptedAtEveryStorageRequest_HasTheSameResult(bool keyed, bool afterwards)
    {
        var expected = await RunAsync(keyed, policy: null, store: null);
        Assert.True(expected.Result.Rejected >= 8, "the file has invalid lines");
        var at = 1;
        for (; ; at++)
        {
            var policy = new CutOffPolicy(at, afterwards);
            var left = await RunAsync(keyed, policy, store: null);
            if (!policy.WasReached)
                break;
            AssertSame(expected, left, $"cut off {(afterwards ? "after" : "before")} request {at}");
        }

        Assert.InRange(at, 15, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_WithFaultsAtAnyCheckpoints_HasTheSameResult(bool keyed)
    {
        var expected = await RunAsync(keyed, policy: null, store: null);

        await Gen.Enum<CheckpointFault>().Array[1, 14].SampleAsync(async drawn =>
        {
            var faults = AtMostThreeOfAKind(drawn);
            AssertSame(expected, await RunAsync(keyed, policy: null, new CheckpointFaults(faults)), string.Join(", ", faults));
        }, iter: 25, threads: 2);
    }

    [Fact]
    public async Task Import_InterruptedAfterACheckpoint_ReportsWhereItResumed()
    {
        var left = await RunAsync(
            keyed: false, policy: null, new CheckpointFaults([CheckpointFault.None, CheckpointFault.None, CheckpointFault.Stored]));

        // The header takes two lines; two batches of seven rows and one invalid line each are done.
        Assert.Equal(3 + 8 + 8, left.Result.ResumedAt);
    }

    [Fact]
    public async Task Import_SliceOver_ContinuesWithoutUsingAnAttempt()
    {
        using var file = new TemporaryFile(Content);
        var store = new CheckpointFaults([]);
        await using var harness = storage.Harness(
            roots: [file.Root], store: store, settings: [new("JobPipeline:BuiltIn:ImportSlice", "00:00:10")]);
        store.OnCheckpoint = () => harness.Time.Advance(TimeSpan.FromSeconds(6));

        var id = await harness.EnqueueAsync(
            Type, new { path = TemporaryFile.Name, table = storage.NewName("Sliced"), batchSize = 7 }, Token);
        await harness.RunUntilIdleAsync(Token);

        var result = (await harness.GetResultAsync<CsvImportResult>(id, Token))!;
        Assert.Equal((52, 8), (result.Imported, result.Rejected));
        Assert.True(result.ResumedAt > 40, $"resumed last at line {result.ResumedAt}");
        Assert.Single((await harness.GetAsync(id, Token)).Attempts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_SourceChangedBetweenAttempts_FailsPermanently(bool isBlob)
    {
        using var file = new TemporaryFile(Content);
        var blob = await storage.UploadAsync(BinaryData.FromString(Content), Token);
        var table = storage.NewName("Changed");
        await using var harness = storage.Harness(
            roots: [file.Root], store: new CheckpointFaults([CheckpointFault.None, CheckpointFault.Stored]));
        var id = await harness.EnqueueAsync(
            Type, isBlob ? new { blob, table, batchSize = 7 } : (object)new { path = TemporaryFile.Name, table, batchSize = 7 }, Token);
        Assert.True(await harness.RunNextAsync(Token));
        Assert.Equal(JobState.Retrying, await harness.GetStateAsync(id, Token));

        await storage.Blobs.GetBlobContainerClient("inbox")
            .GetBlobClient(blob[6..])
            .UploadAsync(BinaryData.FromString(Content + "more,1\n"), overwrite: true, Token);
        file.Write(Content + "more,1\n");
        await harness.RunUntilIdleAsync(Token);

        Assert.Contains(
            "was changed after 7 of its lines", Assert.Single(await harness.GetDeadLettersAsync(Token)).Detail, StringComparison.Ordinal);
        Assert.Equal(7, (await storage.RowsAsync(table, Token)).Count);
    }

    [Fact]
    public async Task Import_RejectBlobChangedByOthers_FailsPermanently()
    {
        var rejects = $"rejects/{storage.NewName("meddled-")}.csv";
        var blob = await storage.UploadAsync(BinaryData.FromString(Content), Token);
        await using var harness = storage.Harness(
            store: new CheckpointFaults([.. Enumerable.Repeat(CheckpointFault.None, 6), CheckpointFault.Stored]));
        await harness.EnqueueAsync(Type, new { blob, table = storage.NewName("Meddled"), batchSize = 7, rejects }, Token);
        await harness.RunNextAsync(Token);

        var log = storage.Blobs.GetBlobContainerClient("rejects").GetAppendBlobClient(rejects[8..]);
        await log.AppendBlockAsync(new MemoryStream("meddled"u8.ToArray()), cancellationToken: Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Contains(
            "changed by another writer", Assert.Single(await harness.GetDeadLettersAsync(Token)).Detail, StringComparison.Ordinal);
    }

    private static string Line(int i) => (i % 7, i % 11) switch
    {
        (6, _) => string.Create(CultureInfo.InvariantCulture, $"bad {i} {new string('b', 900)}\n"),
        (_, 10) => string.Create(CultureInfo.InvariantCulture, $"k{i - 10},again\n"),
        _ => string.Create(CultureInfo.InvariantCulture, $"k{i},value {i}\n"),
    };

    /// <summary>A job has five attempts and ends after three worker crashes; with more faults than that it is expected to fail.</summary>
    private static List<CheckpointFault> AtMostThreeOfAKind(CheckpointFault[] drawn)
    {
        var (failures, fences) = (0, 0);
        return [.. drawn.Select(fault => fault switch
        {
            CheckpointFault.Lost or CheckpointFault.Stored => ++failures <= 3 ? fault : CheckpointFault.None,
            CheckpointFault.Fenced => ++fences <= 2 ? fault : CheckpointFault.None,
            _ => fault,
        })];
    }

    private static void AssertSame(Left expected, Left left, string how)
    {
        Assert.True(
            expected.Result with { RejectsBlob = null }
                == left.Result with { RejectsBlob = null, Table = expected.Result.Table, ResumedAt = null },
            $"{how}: {left.Result}");
        Assert.True(expected.Rows.SequenceEqual(left.Rows, StringComparer.Ordinal), $"{how}: other rows");
        Assert.True(expected.Rejects.SequenceEqual(left.Rejects), $"{how}: other rejects");
    }

    private async Task<Left> RunAsync(bool keyed, CutOffPolicy? policy, IJobStore? store)
    {
        await using var harness = storage.Harness(policy: policy, store: store);
        var (blob, table) = (await storage.UploadAsync(BinaryData.FromString(Content), Token), storage.NewName("Resumed"));
        var result = await harness.RunAsync<CsvImportResult>(
            Type, new { blob, table, partitionKey = "p", batchSize = 7, keyColumns = keyed ? (string[])["key"] : null }, Token);
        return new Left(result, await storage.ShownRowsAsync(table, Token), await storage.RejectsAsync(result.RejectsBlob!, Token));
    }

    private sealed record Left(CsvImportResult Result, List<string> Rows, List<RejectedRow> Rejects);
}
