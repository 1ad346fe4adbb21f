using System.Reflection;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.Integration.Tests.BuiltIn.Storage;

/// <summary>Every member of every job that names a blob or a table goes through the same door.</summary>
[Collection(BuiltInCollection.Name)]
public sealed class NamesInPayloadsTests(BuiltInStorage storage)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly string[] SecretContainers = ["payloads", "azure-webjobs-secrets", "azure-webjobs-hosts", "testhubname-leases", "anyhub-applease"];

    private static readonly (string Job, string Payload)[] BlobMembers =
    [
        ("blob.copy", """{ "from": "NAME", "to": "copies/x" }"""),
        ("blob.copy", """{ "from": "inbox/real.csv", "to": "NAME" }"""),
        ("blob.checksum", """{ "blob": "NAME" }"""),
        ("csv.import", """{ "blob": "NAME", "table": "Stolen" }"""),
        ("csv.import", """{ "blob": "inbox/real.csv", "table": "Stolen", "rejects": "NAME" }"""),
        ("weather.report", """{ "summary": { "months": [{ "period": "2012-01", "days": 1, "precipitation": 1, "highest": 1, "lowest": 1 }], "years": [], "all": { "period": "all", "days": 1, "precipitation": 1, "highest": 1, "lowest": 1 } }, "target": "NAME" }"""),
    ];

    private static readonly (string Job, string Payload)[] TableMembers =
    [
        ("csv.import", """{ "blob": "inbox/real.csv", "table": "NAME" }"""),
        ("weather.months", """{ "table": "NAME", "partitionKey": "p" }"""),
        ("weather.month", """{ "table": "NAME", "partitionKey": "p", "month": "2012-01" }"""),
    ];

    public static TheoryData<string, string> BlobPayloads() => new(
        from member in BlobMembers
        from name in SecretContainers.Select(container => $"{container}/secret").Concat(["inbox/../payloads/secret", "inbox/a/../../azure-webjobs-secrets/secret", "inbox/./../payloads/secret", "$logs/x"])
        select (member.Job, member.Payload.Replace("NAME", name, StringComparison.Ordinal)));

    public static TheoryData<string, string> TablePayloads() => new(
        from member in TableMembers
        from name in new[] { "Jobs", "deadletters", "Keys", "Sensors", "TestHubNameInstances", "JobPipelineHistory", "anyhubPartitions", "AzureWebJobsHostLogs" }
        select (member.Job, member.Payload.Replace("NAME", name, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(BlobPayloads))]
    public async Task Job_ThatNamesABlobOfThePipelineOrItsHost_IsADeadLetterAndTouchesNothing(string job, string payload)
    {
        foreach (var container in SecretContainers)
        {
            await storage.Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: Token);
            await storage.Blobs.GetBlobContainerClient(container).GetBlobClient("secret").UploadAsync(BinaryData.FromString("a,b\nbad\n"), overwrite: true, Token);
        }

        await storage.Blobs.GetBlobContainerClient("inbox").GetBlobClient("real.csv").UploadAsync(BinaryData.FromString("a,b\nbad\n"), overwrite: true, Token);
        await using var harness = storage.Harness();

        await harness.RunToDeadLetterAsync(job, JsonDocument.Parse(payload).RootElement, Token);

        foreach (var container in SecretContainers)
        {
            var blobs = await storage.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Token).Select(blob => blob.Name).ToListAsync(Token);
            Assert.Equal(["secret"], blobs);
            Assert.Equal("a,b\nbad\n", (await storage.Blobs.GetBlobContainerClient(container).GetBlobClient("secret").DownloadContentAsync(Token)).Value.Content.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(TablePayloads))]
    public async Task Job_ThatNamesATableOfThePipelineOrItsHost_IsADeadLetter(string job, string payload)
    {
        await storage.Blobs.GetBlobContainerClient("inbox").GetBlobClient("real.csv").UploadAsync(BinaryData.FromString("a,b\n1,2\n"), overwrite: true, Token);
        await using var harness = storage.Harness();

        var why = await harness.RunToDeadLetterAsync(job, JsonDocument.Parse(payload).RootElement, Token);

        Assert.DoesNotContain("There is no table", why, StringComparison.Ordinal);
        Assert.DoesNotContain("has no days", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WithListedNames_UsesThoseAlone()
    {
        await storage.Blobs.GetBlobContainerClient("inbox").GetBlobClient("real.csv").UploadAsync(BinaryData.FromString("a,b\n1,2\n"), overwrite: true, Token);
        await using var harness = storage.Harness(settings:
        [
            new("JobPipeline:BuiltIn:Storage:Containers:0", "inbox"), new("JobPipeline:BuiltIn:Storage:Containers:1", "rejects"),
            new("JobPipeline:BuiltIn:Storage:Tables:0", "ListedHistory"),
        ]);

        Assert.Equal(1, (await harness.RunAsync<CsvImportResult>("csv.import", new { blob = "inbox/real.csv", table = "ListedHistory" }, Token)).Imported);
        var why = await harness.RunToDeadLetterAsync("blob.copy", new { from = "inbox/real.csv", to = "copies/x" }, Token);
        Assert.Contains("JobPipeline:BuiltIn:Storage:Containers", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "from": "inbox/../payloads/x", "to": "/x" }""", "from: 'inbox/../payloads/x' has a segment '..'", "to: '/x' begins with a slash")]
    [InlineData("""{ "from": 7, "to": "" }""", "from: must be a string", "to: must not be empty")]
    [InlineData("""{ "to": "payloads/x" }""", "from: is required", "to: 'payloads/x' is in a container of the pipeline itself")]
    public void Read_PayloadWithWrongNames_TellsEachMemberAndWhatToDo(string payload, params string[] faults)
    {
        var found = CheckedJson.Read<JobPipeline.BuiltIn.Blobs.BlobCopyPayload>(System.Text.Encoding.UTF8.GetBytes(payload), out _);

        Assert.Equal(faults.Length, found.Count);
        Assert.All(faults, fault => Assert.Contains(found, one => one.ToString().StartsWith(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public void Jobs_ReachTheStorageThroughTheOneDoor()
    {
        Type[] clients = [typeof(BlobServiceClient), typeof(TableServiceClient)];
        var takers = typeof(BuiltInServices).Assembly.GetTypes()
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(constructor => constructor.GetParameters().Any(parameter => clients.Contains(parameter.ParameterType))));

        Assert.Equal([typeof(UserStorage)], takers);
    }
}
