using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Processes;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class KeyTests(SharedAzurite azurite)
{
    private const string Key = "a-key-that-nobody-would-guess";

    [Fact]
    public async Task Call_WithConfiguredKeys_RequiresOne()
    {
        using var host =
            new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix(), $"JobPipeline:Http:Keys:ops={Key}") { Key = Key };
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "health/live"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "health/ready"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "health/ready?code=wrong-key-of-some-length"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"health/ready?code={Key}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "health/ready", Key));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, "api/jobs/unknown", Key));
        Assert.DoesNotContain(host.Output, line => line.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManagementUris_OfAStartAuthorizedByACode_WorkUnchanged()
    {
        var settings = $"JobPipeline:Http:Keys:ops={Key}";
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix(), settings) { Key = Key };
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        var token = TestContext.Current.CancellationToken;

        var input = new { blob = "inbox/nothing.csv" };
        using var started = await api.PostAsJsonAsync($"api/workflows/weather-report?code={Key}", input, token);
        var addresses = await started.Content.ReadFromJsonAsync<JsonElement>(token);
        using var polled = await api.GetAsync(addresses.GetProperty("statusQueryGetUri").GetString(), token);
        var terminate = addresses.GetProperty("terminatePostUri").GetString()!.Replace("{text}", "enough", StringComparison.Ordinal);
        using var terminated = await api.PostAsync(terminate, null, token);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.True(polled.IsSuccessStatusCode, $"{polled.StatusCode}");
        // It may have failed already because its blob does not exist.
        Assert.True(terminated.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Gone, $"{terminated.StatusCode}");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, started.Headers.Location!.GetLeftPart(UriPartial.Path)));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(api, started.Headers.Location!.ToString()));
        Assert.DoesNotContain(host.Output, line => line.Contains(Key, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient api, string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using var answer = await api.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
