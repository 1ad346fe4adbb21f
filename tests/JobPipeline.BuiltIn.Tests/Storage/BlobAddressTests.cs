using Azure.Storage.Blobs;
using CsCheck;
using JobPipeline.BuiltIn.Storage;

namespace JobPipeline.BuiltIn.Tests.Storage;

public sealed class BlobAddressTests
{
    private static readonly BlobServiceClient Service = new("UseDevelopmentStorage=true");

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(
            ".", "..", "/", "\\", "%2e", "%2E", "%2f", "%5c", "%25", "%252e", "%", "?", "#", "&", "=", "+", " ", ":", ";",
            "\t", "\n", "\0", "\u202e",
            "\ufeff", "é", "😀", "\ud800", "\uff0e", "\u2215"),
        Gen.OneOf("inbox", "payloads", "$root", "$logs", "azure-webjobs-secrets", "INBOX", "a", "b.csv", "snapshot=1"));

    public static TheoryData<string> Plain =>
    [
        "inbox/a", "inbox/a/b/c.csv", "a1b/x", "inbox/a b.csv", "inbox/ä/漢字/😀.csv", "inbox/100%.csv", "inbox/50% off/x",
        "inbox/a%20b.csv", "inbox/a?b#c&d=e+f.csv",
        "inbox/..a", "inbox/a..b", "inbox/.hidden", "inbox/a:b;c@d", "my-data-1/x", $"inbox/{new string('x', 1024)}",
    ];

    public static TheoryData<string, string> Wrong => new()
    {
        { "", "has no '/'" },
        { "inbox", "has no '/'" },
        { "/inbox/a", "begins with a slash" },
        { "inbox/", "has no blob name" },
        { "INBOX/a", "did you mean 'inbox'" },
        { "ab/a", "2 characters" },
        { $"{new string('a', 64)}/a", "64 characters" },
        { "-in/a", "hyphen" },
        { "in--box/a", "hyphen" },
        { "in_box/a", "characters other than" },
        { "inbox\n/a", "characters other than" },
        { "inbox?x=/a", "characters other than" },
        { "../inbox/a", "characters other than" },
        { "$root/a", "storage service itself" },
        { "$logs/a", "storage service itself" },
        { "$web/index.html", "storage service itself" },
        { "inbox/../payloads/jobs/1", "a segment '..'" },
        { "inbox/a/../../payloads/x", "a segment '..'" },
        { "inbox/a/..", "a segment '..'" },
        { "inbox/./a", "a segment '.'" },
        { "inbox//a", "empty segment" },
        { "inbox/a//b", "empty segment" },
        { "inbox/a/", "empty segment" },
        { "inbox/a\\b", "backslash" },
        { "inbox/..\\payloads\\x", "backslash" },
        { "inbox/a./b", "ends with a dot" },
        { "inbox/a.", "ends with a dot" },
        { "inbox/...", "ends with a dot" },
        { "inbox/a ", "space" },
        { "inbox/.. /x", "space" },
        { "inbox/ a/b", "space" },
        { "inbox/a\0b", "U+0000" },
        { "inbox/a\nb", "U+000A" },
        { "inbox/a\u0085b", "U+0085" },
        { "inbox/a\ufffeb", "U+FFFE" },
        { "inbox/a\ud800", "surrogate" },
        { "inbox/%2e%2e/payloads/x", "percent-encoded" },
        { "inbox/.%2E/payloads/x", "percent-encoded" },
        { "inbox/a%2f..%2Fb", "percent-encoded" },
        { "inbox/%252e%252e/x", "percent-encoded" },
        { "inbox/%25252e%25252e/x", "percent-encoded" },
        { "inbox/a%5cb", "percent-encoded" },
        { "inbox/a%00", "percent-encoded" },
        { $"inbox/{new string('x', 1025)}", "1025 characters" },
        { $"inbox/{string.Join('/', Enumerable.Repeat("x", 255))}", "254 segments" },
        { "payloads/jobs/1", "container of the pipeline itself" },
        { "azure-webjobs-secrets/host.json", "container of the pipeline itself" },
        { "azure-webjobs-hosts/locks/x", "container of the pipeline itself" },
        { "scm-releases/x", "container of the pipeline itself" },
        { "app-packages/x.zip", "container of the pipeline itself" },
        { "testhubname-leases/x", "container of the pipeline itself" },
        { "jobpipeline-largemessages/x", "container of the pipeline itself" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public void Parse_PlainAddress_MatchesTheSdk(string text)
    {
        var address = BlobAddress.Parse(text);

        Assert.Equal(text, address.ToString());
        AssertAddressed(address);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Parse_AmbiguousAddress_IsRejectedWithTheReason(string text, string why)
    {
        Assert.False(BlobAddress.TryParse(text, out _));
        Assert.Contains(why, Assert.Throws<FormatException>(() => BlobAddress.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_AnySegments_AcceptsOnlyWhatTheSdkKeepsUnchanged() =>
        Gen.Select(Gen.OneOf("inbox", "payloads", "abc", "$root", "azure-webjobs-hosts", ".."), Text.Array[0, 8])
            .Sample((container, parts) =>
            {
                if (BlobAddress.TryParse($"{container}/{string.Concat(parts)}", out var address))
                    AssertAddressed(address);
            }, iter: 50_000);

    [Fact]
    public void TryParse_AnySegments_IsIdempotent() =>
        Text.Array[1, 8].Sample(parts =>
        {
            if (BlobAddress.TryParse($"inbox/{string.Concat(parts)}", out var address))
                Assert.Equal(address, BlobAddress.Parse(address.ToString()));
        }, iter: 5_000);

    /// <summary>As parsed by the SDK, and by anything that decodes the request address once or twice more.</summary>
    private static void AssertAddressed(BlobAddress address)
    {
        var client = Service.GetBlobContainerClient(address.Container).GetBlobClient(address.Name);
        Assert.Equal((address.Container, address.Name), (client.BlobContainerName, client.Name));
        Assert.Equal("", client.Uri.Query + client.Uri.Fragment);
        Assert.Equal(Reservation.None, ReservedNames.Everywhere.OfContainer(client.BlobContainerName));
        var path = client.Uri.AbsolutePath;
        for (var i = 0; i < 3; i++)
        {
            var requested = path.Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
            var uri = new Uri($"http://127.0.0.1{requested}");
            Assert.StartsWith($"/devstoreaccount1/{address.Container}/", uri.AbsolutePath, StringComparison.Ordinal);
            path = Uri.UnescapeDataString(path);
        }
    }
}
