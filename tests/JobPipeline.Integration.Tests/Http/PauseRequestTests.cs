using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>Pause and resume requests that the API rejects.</summary>
[Slow]
public sealed class PauseRequestTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/queues/jobz/pause", "", 404, "queue-not-found")]
    [InlineData("api/queues/jobz/resume", "", 404, "queue-not-found")]
    [InlineData("api/job-types/test.wrok/pause", "", 404, "unknown-job-type")]
    [InlineData("api/job-types/test.wrok/resume", "", 404, "unknown-job-type")]
    [InlineData("api/queues/jobs/pause", "{", 400, "invalid-request")]
    [InlineData("api/queues/jobs/pause", "{ \"reason\": 7 }", 400, "invalid-request")]
    [InlineData("api/queues/jobs/pause", "too long", 400, "invalid-request")]
    public async Task Request_ThatIsInvalid_IsRejectedAndPausesNothing(string path, string body, int status, string type)
    {
        var text = body == "too long" ? $$"""{ "reason": "{{new string('x', 501)}}" }""" : body;
        using var content = new StringContent(text, Encoding.UTF8, "application/json");

        using var answer = await host.Api.PostAsync(path, content, Token);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.EndsWith(
            type, (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.False(
            (await host.Api.GetFromJsonAsync<JsonElement>("api/queues", Token)).GetProperty("queues")[1].TryGetProperty("paused", out _));
    }

    [Fact]
    public async Task Request_WhoseBodyIsNotJson_IsRejected()
    {
        using var content = new StringContent("because", Encoding.UTF8, "text/plain");

        using var answer = await host.Api.PostAsync("api/queues/jobs/pause", content, Token);

        Assert.Equal(415, (int)answer.StatusCode);
    }
}
