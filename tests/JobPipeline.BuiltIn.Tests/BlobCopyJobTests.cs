using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Blobs;

namespace JobPipeline.BuiltIn.Tests;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class BlobCopyJobTests(BuiltInStorage storage)
{
    private const string Type = "blob.copy";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_TwiceToANewContainer_HasTheContentAndItsType()
    {
        await using var harness = storage.Harness();
        var from = storage.NewName("source-");
        await storage.Blobs.GetBlobContainerClient("inbox").GetBlobClient(from).UploadAsync(
            BinaryData.FromString("# hello"),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/markdown" } },
            Token);
        var (container, to) = (storage.NewName("copies-"), "a/b.md");

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(
                new BlobCopyResult($"{container}/{to}", 7),
                await harness.RunAsync<BlobCopyResult>(Type, new { from = $"inbox/{from}", to = $"{container}/{to}" }, Token));
            var copy = (await storage.Blobs.GetBlobContainerClient(container).GetBlobClient(to).DownloadContentAsync(Token)).Value;
            Assert.Equal(("# hello", "text/markdown"), (copy.Content.ToString(), copy.Details.ContentType));
        }
    }

    [Fact]
    public async Task Copy_OfAMissingBlob_IsDeadLetteredAtOnce()
    {
        await using var harness = storage.Harness();
        Assert.Contains(
            "Blob 'inbox/nothing' does not exist",
            await harness.RunToDeadLetterAsync(Type, new { from = "inbox/nothing", to = "copies/x" }, Token),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payloads/jobs/1", "copies/x")]
    [InlineData("inbox/x", "payloads/jobs/1")]
    [InlineData("azure-webjobs-secrets/keys.json", "copies/x")]
    public async Task Copy_FromOrToAReservedName_IsDeadLetteredAtOnce(string from, string to)
    {
        await using var harness = storage.Harness();

        var why = await harness.RunToDeadLetterAsync(Type, new { from, to }, Token);

        Assert.Contains("container of the pipeline itself", why, StringComparison.Ordinal);
    }
}
