using System.Reflection;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn.Blobs;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Tests.Storage;

/// <summary>Every payload member that names a blob or a table goes through the same validation.</summary>
[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class NamesInPayloadsTests(BuiltInStorage storage)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly string[] SecretContainers =
        ["payloads", "azure-webjobs-secrets", "azure-webjobs-hosts", "testhubname-leases", "anyhub-applease"];

    private static readonly string[] Blobs =
    [
        .. SecretContainers.Select(container => $"{container}/secret"),
        "inbox/../payloads/secret", "inbox/a/../../azure-webjobs-secrets/secret", "inbox/./../payloads/secret",
        "inbox/%2e%2e/payloads/secret", "$logs/x",
    ];

    private static readonly string[] Tables =
    [
        "Jobs", "deadletters", "Keys", "Sensors",
        "TestHubNameInstances", "JobPipelineHistory", "anyhubPartitions", "AzureWebJobsHostLogs",
    ];

    private const string Period = """{ "period": "2012-01", "days": 1, "precipitation": 1, "highest": 1, "lowest": 1 }""";

    public static TheoryData<string, string> BlobMembers => new()
    {
        { "blob.copy", """{ "from": "NAME", "to": "copies/x" }""" },
        { "blob.copy", """{ "from": "inbox/real.csv", "to": "NAME" }""" },
        { "blob.checksum", """{ "blob": "NAME" }""" },
        { "csv.import", """{ "blob": "NAME", "table": "Stolen" }""" },
        { "csv.import", """{ "blob": "inbox/real.csv", "table": "Stolen", "rejects": "NAME" }""" },
        { "weather.report", $$"""{ "summary": { "months": [{{Period}}], "years": [], "all": {{Period}} }, "target": "NAME" }""" },
        { "weather.report", $$"""{ "summary": { "months": [{{Period}}], "years": [], "all": {{Period}} }, "target": "NAME/" }""" },
    };

    public static TheoryData<string, string> TableMembers => new()
    {
        { "csv.import", """{ "blob": "inbox/real.csv", "table": "NAME" }""" },
        { "weather.months", """{ "table": "NAME", "partitionKey": "p" }""" },
        { "weather.month", """{ "table": "NAME", "partitionKey": "p", "month": "2012-01" }""" },
    };

    [Theory]
    [MemberData(nameof(BlobMembers))]
    public async Task Job_WithABlobOfThePipelineOrItsHost_IsDeadLetteredAndChangesNothing(string job, string payload)
    {
        const string content = "a,b\nbad\n";
        foreach (var container in SecretContainers)
        {
            await storage.Blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: Token);
            await Blob(container, "secret").UploadAsync(BinaryData.FromString(content), overwrite: true, Token);
        }

        await Blob("inbox", "real.csv").UploadAsync(BinaryData.FromString(content), overwrite: true, Token);
        foreach (var name in Blobs)
            await RunAsync(job, payload.Replace("NAME", name, StringComparison.Ordinal));

        foreach (var container in SecretContainers)
        {
            var blobs = storage.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Token);
            Assert.Equal(["secret"], await blobs.Select(blob => blob.Name).ToListAsync(Token));
            Assert.Equal(content, (await Blob(container, "secret").DownloadContentAsync(Token)).Value.Content.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(TableMembers))]
    public async Task Job_WithATableOfThePipelineOrItsHost_IsDeadLettered(string job, string payload)
    {
        await Blob("inbox", "real.csv").UploadAsync(BinaryData.FromString("a,b\n1,2\n"), overwrite: true, Token);
        foreach (var name in Tables)
        {
            var why = await RunAsync(job, payload.Replace("NAME", name, StringComparison.Ordinal));
            Assert.DoesNotContain("does not exist", why, StringComparison.Ordinal);
            Assert.DoesNotContain("has no days", why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Copy_ToAnyPlainName_IsListedByTheServiceUnderThatName()
    {
        var container = storage.NewName("plain-");
        await Blob("inbox", "real.csv").UploadAsync(BinaryData.FromString("a,b\n1,2\n"), overwrite: true, Token);
        await using var harness = storage.Harness();
        string[] names =
        [
            "a b/c", "100%.csv", "a%20b", "a?b=c", "a#b", "a+b&c;d:e@f", "[a]{b}|c", "ä/漢字/😀", "..a/.b/a..b",
            "a?snapshot=2026-11-24T09:00:00Z",
        ];

        foreach (var name in names)
            await harness.RunAsync<BlobCopyResult>("blob.copy", new { from = "inbox/real.csv", to = $"{container}/{name}" }, Token);

        var blobs = storage.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Token);
        var found = await blobs.Select(blob => blob.Name).ToListAsync(Token);
        Assert.Equal(names.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_WithAllowedNames_UsesOnlyThose()
    {
        await Blob("inbox", "real.csv").UploadAsync(BinaryData.FromString("a,b\n1,2\n"), overwrite: true, Token);
        await using var harness = storage.Harness(settings:
        [
            new("JobPipeline:BuiltIn:Storage:Containers:0", "inbox"), new("JobPipeline:BuiltIn:Storage:Containers:1", "rejects"),
            new("JobPipeline:BuiltIn:Storage:Tables:0", "ListedHistory"),
        ]);

        var result = await harness.RunAsync<CsvImportResult>("csv.import", new { blob = "inbox/real.csv", table = "ListedHistory" }, Token);
        Assert.Equal(1, result.Imported);
        var why = await harness.RunToDeadLetterAsync("blob.copy", new { from = "inbox/real.csv", to = "copies/x" }, Token);
        Assert.Contains("JobPipeline:BuiltIn:Storage:Containers", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "from": "inbox/../x", "to": "/x" }""", "from: 'inbox/../x' has a segment '..'", "to: '/x' begins with a slash")]
    [InlineData("""{ "from": 7, "to": "" }""", "from: must be a string", "to: must not be empty")]
    [InlineData("""{ "to": "payloads/x" }""", "from: is required", "to: 'payloads/x' is in a container of the pipeline itself")]
    public void Read_PayloadWithInvalidNames_ReportsEachMemberWithARemedy(string payload, params string[] faults)
    {
        var found = CheckedJson.Read<BlobCopyPayload>(System.Text.Encoding.UTF8.GetBytes(payload), out _);

        Assert.Equal(faults.Length, found.Count);
        Assert.All(faults, fault => Assert.Contains(found, one => one.ToString().StartsWith(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public void Payloads_WithBlobsTablesAndFiles_UseTheirTypes()
    {
        string[] words = ["blob", "container", "table", "path", "from", "to", "target", "rejects"];
        var handled = typeof(BuiltInServices).Assembly.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(face => face.Name.StartsWith("IJobHandler`", StringComparison.Ordinal)).Select(face => face.GetGenericArguments()[0]);
        var raw = from payload in handled
                  from member in payload.GetProperties()
                  where member.PropertyType == typeof(string)
                  where words.Any(word => member.Name.EndsWith(word, StringComparison.OrdinalIgnoreCase))
                  select $"{payload.Name}.{member.Name}";

        Assert.Empty(raw);
    }

    [Fact]
    public void Jobs_ReachTheStorage_ThroughOneType()
    {
        Type[] clients = [typeof(BlobServiceClient), typeof(TableServiceClient)];
        var takers = typeof(BuiltInServices).Assembly.GetTypes()
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(constructor => constructor.GetParameters().Any(parameter => clients.Contains(parameter.ParameterType))));

        Assert.Equal([typeof(UserStorage)], takers);
    }

    private BlobClient Blob(string container, string name) => storage.Blobs.GetBlobContainerClient(container).GetBlobClient(name);

    private async Task<string> RunAsync(string job, string payload)
    {
        await using var harness = storage.Harness();
        return await harness.RunToDeadLetterAsync(job, JsonDocument.Parse(payload).RootElement, Token);
    }
}
