using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>The workflow API as used by a client of the Durable Functions API, with the shipped workflow on a real host.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class WorkflowApiTests(SharedAzurite azurite)
{
    private const string Csv = """
        date,precipitation,temp_max,temp_min,wind,weather
        2012-01-31,1.5,12.8,5.0,4.7,rain
        2012-02-01,0.5,10.6,-2.8,4.5,rain
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WeatherReport_OfASmallFile_IsStartedWatchedSuspendedApprovedAndPurged()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        using var started = await api.PostAsJsonAsync("api/workflows/weather-report", new { blob = await UploadAsync() }, Token);
        var addresses = await ReadAsync(started);
        Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(5)), (started.StatusCode, started.Headers.RetryAfter!.Delta));
        var status = addresses.GetProperty("statusQueryGetUri").GetString()!;
        await WaitForAsync(api, status, "approval", "running");

        using var polled = await api.GetAsync(status, Token);
        Assert.Equal(
            (HttpStatusCode.Accepted, status, TimeSpan.FromSeconds(5)),
            (polled.StatusCode, polled.Headers.Location!.ToString(), polled.Headers.RetryAfter!.Delta));
        var diagram = await api.GetStringAsync($"{status}?format=mermaid", Token);
        Assert.Contains("step_statistics[\"statistics<br/>weather.month 2/2\"]:::succeeded", diagram, StringComparison.Ordinal);
        Assert.Contains("step_approval[\"approval<br/>waits for approved\"]:::running", diagram, StringComparison.Ordinal);
        Assert.Contains("step_report --> step_publish", diagram, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await GetAsync(api, $"{status}?showInput=false")).GetProperty("input").ValueKind);

        await AcceptedAsync(api, addresses, "suspendPostUri");
        await Eventually.TrueAsync(async () => StatusOf(await GetAsync(api, status)) == "Suspended", "it is suspended");
        await AcceptedAsync(api, addresses, "resumePostUri");
        await Eventually.TrueAsync(async () => StatusOf(await GetAsync(api, status)) == "Running", "the workflow is running again");
        await AcceptedAsync(api, addresses, "sendEventPostUri");
        await EndAsync(api, status);
        var output = (await GetAsync(api, status)).GetProperty("output");
        Assert.Equal(
            (2, 2.0m, 12.8m),
            (
                output.GetProperty("all").GetProperty("days").GetInt32(),
                output.GetProperty("all").GetProperty("precipitation").GetDecimal(),
                output.GetProperty("all").GetProperty("highest").GetDecimal()));

        var listed = Assert.Single(
            (await GetAsync(api, "api/workflows?name=weather-report&runtimeStatus=Completed&top=5"))
                .GetProperty("instances")
                .EnumerateArray());
        Assert.Equal(
            (addresses.GetProperty("id").GetString(), "Completed"), (listed.GetProperty("instanceId").GetString(), StatusOf(listed)));
        Assert.Empty((await GetAsync(api, "api/workflows?name=weather-report&state=running")).GetProperty("instances").EnumerateArray());
        using var purged = await api.DeleteAsync(addresses.GetProperty("purgeHistoryDeleteUri").GetString(), Token);
        Assert.Equal((HttpStatusCode.OK, 1), (purged.StatusCode, (await ReadAsync(purged)).GetProperty("instancesDeleted").GetInt32()));
        using var gone = await api.GetAsync(status, Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Instance_ThatFailed_IsReportedAsInDurableFunctions()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        using var started = await api.PostAsJsonAsync(
            "api/workflows/weather-report?instanceId=fails", new { blob = "inbox/nothing.csv" }, Token);
        var addresses = await ReadAsync(started);
        var status = addresses.GetProperty("statusQueryGetUri").GetString()!;

        await EndAsync(api, status);

        using var loud = await api.GetAsync($"{status}?returnInternalServerErrorOnFailure=true", Token);
        Assert.Equal((HttpStatusCode.InternalServerError, "Failed"), (loud.StatusCode, StatusOf(await ReadAsync(loud))));
        Assert.Contains(
            "Blob 'inbox/nothing.csv' does not exist",
            (await GetAsync(api, status)).GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal);
        foreach (var address in new[] { "sendEventPostUri", "terminatePostUri", "suspendPostUri", "resumePostUri" })
            Assert.Equal(HttpStatusCode.Gone, await PostAsync(api, addresses.GetProperty(address).GetString()!));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await PostAsync(api, addresses.GetProperty("restartPostUri").GetString() + "?restartWithNewInstanceId=false"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(api, addresses.GetProperty("rewindPostUri").GetString()!));
    }

    [Fact]
    public async Task Request_ForAnUnknownInstance_Is404()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        foreach (var action in new[] { "events/approved", "terminate", "cancel", "suspend", "resume", "restart", "rerun" })
        {
            Assert.Equal((action, HttpStatusCode.NotFound), (action, await PostAsync(api, $"api/workflows/nobody/{action}")));
            Assert.Equal((action, HttpStatusCode.NotFound), (action, await PostAsync(api, $"api/workflows/%20/{action}")));
        }
    }

    [Fact]
    public async Task List_WithDurableFunctionsPaging_ReturnsAll()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Accepted, await PostAsync(api, $"api/workflows/test.approval?instanceId=page-{i}"));

        var ids = new List<string>();
        string? token = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/workflows?top=1&createdTimeFrom=2020-01-01T00:00:00Z");
            if (token is not null)
                request.Headers.Add("x-ms-continuation-token", token);
            using var page = await api.SendAsync(request, Token);
            ids.AddRange(
                (await ReadAsync(page)).GetProperty("instances").EnumerateArray().Select(
                    instance => instance.GetProperty("instanceId").GetString()!));
            token = page.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : null;
        }
        while (token is not null);

        Assert.Equal(["page-2", "page-1", "page-0"], ids);
        using var refused = await api.GetAsync("api/workflows?top=0&limit=1&runtimeStatus=Done&from=x", Token);
        Assert.Equal(
            ["from", "runtimeStatus", "top", "top"],
            (await ReadAsync(refused))
                .GetProperty("errors")
                .EnumerateObject()
                .SelectMany(error => error.Value.EnumerateArray().Select(_ => error.Name))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Addresses_BehindAProxy_UseThePublicUrlAndIgnoreHeaders()
    {
        using var host = new TestHostProcess(
            azurite.ConnectionString, azurite.NewPrefix(), "JobPipeline:Api:PublicUrl=https://jobs.example.com/pipeline/");
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/workflows/test.approval?instanceId=far");
        request.Headers.Add("X-Forwarded-Host", "evil.example.org");
        request.Headers.Add("X-Forwarded-Proto", "gopher");
        using var started = await api.SendAsync(request, Token);

        var addresses = (await ReadAsync(started))
            .EnumerateObject()
            .Where(member => member.Name.EndsWith("Uri", StringComparison.Ordinal))
            .Select(member => member.Value.GetString()!)
            .ToList();
        Assert.Equal(10, addresses.Count);
        Assert.All(
            addresses,
            address => Assert.StartsWith("https://jobs.example.com/pipeline/api/workflows/far", address, StringComparison.Ordinal));
        Assert.Equal("https://jobs.example.com/pipeline/api/workflows/far", started.Headers.Location!.ToString());
    }

    private async Task<string> UploadAsync()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, "inbox");
        await container.CreateIfNotExistsAsync(cancellationToken: Token);
        await container.GetBlobClient("small.csv").UploadAsync(BinaryData.FromString(Csv), overwrite: true, Token);
        return "inbox/small.csv";
    }

    private static async Task AcceptedAsync(HttpClient api, JsonElement addresses, string name) =>
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(api, addresses.GetProperty(name).GetString()!));

    private static async Task<HttpStatusCode> PostAsync(HttpClient api, string address)
    {
        using var answer = await api.PostAsync(
            address.Replace("{eventName}", "approved", StringComparison.Ordinal).Replace("{text}", "a%20test", StringComparison.Ordinal),
            null,
            Token);
        return answer.StatusCode;
    }

    private static Task WaitForAsync(HttpClient api, string status, string step, string state) => Eventually.TrueAsync(
        async () => (await GetAsync(api, status)).GetProperty("steps").EnumerateArray().Any(
            entry => entry.GetProperty("id").GetString() == step && entry.GetProperty("status").GetString() == state),
        $"{step} is {state}");

    private static Task EndAsync(HttpClient api, string status) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await api.GetAsync(status, Token);
            return answer.StatusCode == HttpStatusCode.OK;
        },
        $"it has ended: {status}");

    private static string? StatusOf(JsonElement view) => view.GetProperty("runtimeStatus").GetString();

    private static Task<JsonElement> GetAsync(HttpClient api, string address) => api.GetFromJsonAsync<JsonElement>(address, Token);

    private static Task<JsonElement> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>(Token);
}
