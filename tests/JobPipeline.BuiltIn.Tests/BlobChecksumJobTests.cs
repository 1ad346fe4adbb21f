using JobPipeline.BuiltIn.Blobs;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class BlobChecksumJobTests(BuiltInStorage storage)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    // From sha256sum, sha512sum and md5sum.
    [Theory]
    [InlineData(ChecksumAlgorithm.Sha256, "0845078a290b48e3149ab8639966824110a251db4e06fc144c06ebb534af23be")]
    [InlineData(
        ChecksumAlgorithm.Sha512,
        "60005774ff5e4c3ef24ae55888b55dbffce2e29737b111cda35ead33df4b778c0989a9acf9d98673eb2c5d17ca187d94a4577618546a0e97c7bde7298eeb741f")]
    [InlineData(ChecksumAlgorithm.Md5, "a0ed4d00f823a74a73798d4520e26874")]
    public async Task Checksum_OfTheWeather_MatchesTheTools(ChecksumAlgorithm algorithm, string expected)
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);
        var blob = await storage.UploadSampleAsync("seattle-weather.csv", Token);

        var result = new BlobChecksumResult(algorithm, expected, 48219);
        Assert.Equal(result, await harness.RunAsync<BlobChecksumResult>("blob.checksum", new { blob, algorithm }, Token));
        Assert.Equal(
            result, await harness.RunAsync<BlobChecksumResult>("blob.checksum", new { path = "seattle-weather.csv", algorithm }, Token));
    }

    [Fact]
    public async Task Checksum_EmptyBlob_IsThatOfNoBytes()
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromString(""), Token);

        var result = await harness.RunAsync<BlobChecksumResult>("blob.checksum", new { blob }, Token);

        Assert.Equal(
            new BlobChecksumResult(ChecksumAlgorithm.Sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0),
            result);
    }

    [Theory]
    [InlineData("""{ "blob": "inbox/no-such-blob" }""", DeadLetterReason.PermanentFailure, "Blob 'inbox/no-such-blob' does not exist")]
    [InlineData("""{ "blob": "no-such-container/x" }""", DeadLetterReason.PermanentFailure, "Blob 'no-such-container/x' does not exist")]
    [InlineData("""{ "path": "x" }""", DeadLetterReason.PermanentFailure, "JobPipeline:BuiltIn:FileRoots")]
    [InlineData("""{ }""", DeadLetterReason.InvalidPayload, "either 'blob'")]
    [InlineData("""{ "blob": "inbox/a", "path": "b" }""", DeadLetterReason.InvalidPayload, "not both")]
    [InlineData("""{ "blob": "INBOX/a" }""", DeadLetterReason.InvalidPayload, "container/name")]
    [InlineData("""{ "blob": "inbox" }""", DeadLetterReason.InvalidPayload, "container/name")]
    [InlineData("""{ "blob": "inbox/a", "algorithm": "crc32" }""", DeadLetterReason.InvalidPayload, "algorithm")]
    [InlineData("""{ "blob": "inbox/a", "algorithm": 7 }""", DeadLetterReason.InvalidPayload, "Algorithm")]
    public async Task Checksum_InvalidPayload_IsDeadLetteredAfterOneAttempt(string payload, DeadLetterReason reason, string why)
    {
        await using var harness = storage.Harness();

        await harness.EnqueueAsync(new JobRequest { Type = "blob.checksum", Payload = System.Text.Encoding.UTF8.GetBytes(payload) });
        await harness.RunUntilIdleAsync(Token);

        var deadLetter = Assert.Single(await harness.GetDeadLettersAsync(Token));
        Assert.Equal(reason, deadLetter.Reason);
        Assert.Single(deadLetter.Errors);
        Assert.Contains(why, deadLetter.Detail, StringComparison.Ordinal);
    }
}
