using System.Net;
using System.Text.Json;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>Raising workflow events over HTTP: rejections and responses.</summary>
[Slow]
public sealed class WorkflowEventTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Raise_OfAnEventThatNoStepAwaits_NamesTheNearest()
    {
        var instance = await StartAsync("""{ "wait": { "waitFor": "approved" } }""");
        using var answer = await host.PostAsync($"{instance}/events/aproved", null);
        var problem = await answer.ReadAsync(HttpStatusCode.NotFound);
        Assert.EndsWith(":unknown-event", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Contains("did you mean 'approved'?", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2fb")]
    [InlineData("a%5Cb")]
    [InlineData("a%3Fb")]
    [InlineData("a%23b")]
    [InlineData("approved.")]
    [InlineData("%C3%BC")]
    [InlineData("%252e%252e")]
    public async Task Raise_OfAnInvalidName_StatesTheAllowedNames(string segment)
    {
        var instance = await StartAsync("""{ "wait": { "waitFor": "approved" } }""");
        using var answer = await host.PostAsync($"{instance}/events/{segment}", null);
        var problem = await answer.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Contains("letters, digits", problem.GetProperty("errors").GetProperty("name")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approved")]
    [InlineData("a..b:c-d_E.7")]
    public async Task Raise_OfAnAwaitedEvent_ReturnsTheReceivingStep(string name)
    {
        var instance = await StartAsync($$"""{ "first": { "waitFor": "go" }, "second": { "needs": ["first"], "waitFor": "{{name}}" } }""");
        using var kept = await host.PostAsync($"{instance}/events/{name}", "1");
        var early = await kept.ReadAsync(HttpStatusCode.Accepted);
        Assert.Equal(("kept", "second", name), (Text(early, "outcome"), Text(early, "step"), Text(early, "event")));
        await Eventually.TrueAsync(
            async () => Text((await host.JsonAsync(instance)).GetProperty("steps")[0], "status") == "running", "the first step waits");
        using var delivered = await host.PostAsync($"{instance}/events/go", "2");
        var taken = await delivered.ReadAsync(HttpStatusCode.Accepted);
        Assert.Equal(("delivered", "first"), (Text(taken, "outcome"), Text(taken, "step")));
        await Eventually.TrueAsync(
            async () =>
            {
                using var status = await host.GetAsync(instance);
                return status.StatusCode == HttpStatusCode.OK;
            },
            "both events were received");
    }

    [Fact]
    public async Task Start_OfADefinitionWithAnEventThatHasNoAddress_IsRejected()
    {
        const string Definition = """{ "definition": { "name": "x", "steps": { "wait": { "waitFor": "a/b" } } } }""";
        using var answer = await host.PostAsync("api/workflows", Definition);
        var problem = await answer.ReadAsync(HttpStatusCode.BadRequest);
        Assert.True(problem.GetProperty("errors").TryGetProperty("definition.steps.wait.waitFor", out _));
    }

    private async Task<string> StartAsync(string steps)
    {
        using var answer = await host.PostAsync("api/workflows", $$"""{ "definition": { "name": "events", "steps": {{steps}} } }""");
        return $"api/workflows/{Text(await answer.ReadAsync(HttpStatusCode.Accepted), "id")}";
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();
}
