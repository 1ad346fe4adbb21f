using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>Helpers shared by the API tests.</summary>
internal static class ApiCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Gets a resource as JSON; default if it is not found.</summary>
    public static async Task<JsonElement> JsonAsync(this ApiHost host, string path)
    {
        using var answer = await host.Api.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? default
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    public static Task<HttpResponseMessage> GetAsync(this ApiHost host, string path) =>
        host.Api.GetAsync(new Uri(path, UriKind.Relative), Token);

    public static async Task<HttpResponseMessage> PostAsync(
        this ApiHost host, string path, string? body, string mediaType = "application/json", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await host.Api.SendAsync(request, Token);
    }

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Token)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal($"urn:jobpipeline:problem:{type}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    public static string[] ErrorFields(this JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)];

    public static JobId Id(this JsonElement view) => JobId.Parse(view.GetProperty("id").GetString()!);

    public static string State(this JsonElement view) => view.GetProperty("state").GetString()!;

    public static async Task<JsonElement> EndedAsync(this ApiHost host, JobId id)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(
            async () => (job = await host.JsonAsync($"api/jobs/{id}")).ValueKind == JsonValueKind.Object
                && job.State() is "succeeded" or "deadLettered" or "cancelled" or "expired",
            $"job {id} has ended");
        return job;
    }
}
