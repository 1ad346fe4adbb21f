using System.Net;
using System.Text.Json;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>The alert API of a running host.</summary>
[Slow]
public sealed class AlertApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task List_OfTheRules_ShowsTheEffectiveRules()
    {
        var list = await host.JsonAsync("api/alerts");

        Assert.Equal("pipeline", list.GetProperty("evaluatedBy").GetString());
        Assert.Empty(list.GetProperty("receivers").EnumerateArray());
        Assert.Equal(
            AlertRules.Shipped.Select(rule => rule.Name),
            list.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()!));
        var share = RuleOf(list, "failure-rate");
        Assert.Equal(
            ("Too many attempts fail", "jobpipeline.attempts", "sum", ">", 0.1, 20.0, "00:15:00", "00:05:00", 2, "too-many-attempts-fail"),
            (
                Text(share, "title"),
                Text(share, "metric"),
                Text(share, "aggregate"),
                Text(share, "operator"),
                share.GetProperty("threshold").GetDouble(),
                share.GetProperty("minimum").GetDouble(),
                Text(share, "window"),
                Text(share, "for"),
                share.GetProperty("severity").GetInt32(),
                Text(share, "runbook")));
        Assert.Contains(Text(share, "state"), new[] { "inactive", "pending", "firing" });
        Assert.Equal("jobpipeline.circuit.name", Text(RuleOf(list, "circuit-open"), "by"));
    }

    [Fact]
    public async Task Silence_OfARule_IsShownUntilItEnds()
    {
        using var silenced = await host.PostAsync("api/alerts/cpu-high/silence", """{ "for": "02:00:00", "reason": "load test" }""");
        var rule = await silenced.ReadAsync(HttpStatusCode.OK);
        var listed = RuleOf(await host.JsonAsync("api/alerts"), "cpu-high");
        using var again = await host.PostAsync("api/alerts/cpu-high/silence", """{ "for": "30.00:00:00", "reason": "a long one" }""");
        var longer = (await again.ReadAsync(HttpStatusCode.OK)).GetProperty("silence");
        using var ended = await host.PostAsync("api/alerts/cpu-high/unsilence", null);

        var silence = rule.GetProperty("silence");
        Assert.Equal(
            ("silenced", "load test", "a program on this machine"), (Text(rule, "state"), Text(silence, "reason"), Text(silence, "by")));
        Assert.Equal(
            TimeSpan.FromHours(2), silence.GetProperty("until").GetDateTimeOffset() - silence.GetProperty("since").GetDateTimeOffset());
        Assert.Equal("silenced", Text(listed, "state"));
        Assert.Equal(
            TimeSpan.FromDays(30), longer.GetProperty("until").GetDateTimeOffset() - longer.GetProperty("since").GetDateTimeOffset());
        Assert.False((await ended.ReadAsync(HttpStatusCode.OK)).TryGetProperty("silence", out _));
        Assert.NotEqual("silenced", Text(RuleOf(await host.JsonAsync("api/alerts"), "cpu-high"), "state"));
    }

    [Theory]
    [InlineData("", "for", "reason")]
    [InlineData("""{ "for": "00:00:00", "reason": "" }""", "for", "reason")]
    [InlineData("""{ "for": "31.00:00:00", "reason": "because" }""", "for")]
    [InlineData("""{ "for": "-01:00:00", "reason": "because" }""", "for")]
    [InlineData("""{ "for": "soon", "reason": "because" }""", "for")]
    [InlineData("""{ "for": "01:00:00", "reason": "because", "untill": 1 }""", "untill")]
    [InlineData("too long", "reason")]
    public async Task Silence_WithValidationErrors_IsRejectedWithAllOfThem(string body, params string[] fields)
    {
        using var answer = await host.PostAsync(
            "api/alerts/memory-high/silence",
            body == "too long" ? $$"""{ "for": "01:00:00", "reason": "{{new string('x', 501)}}" }""" : body);

        Assert.Equal(fields, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
        Assert.False(RuleOf(await host.JsonAsync("api/alerts"), "memory-high").TryGetProperty("silence", out _));
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("unsilence")]
    public async Task Rule_ThatDoesNotExist_IsNotFoundAndNamesTheNearest(string what)
    {
        using var answer = await host.PostAsync($"api/alerts/cpu-hihg/{what}", """{ "for": "01:00:00", "reason": "because" }""");

        var problem = await answer.ProblemAsync(HttpStatusCode.NotFound, "alert-rule-not-found");
        Assert.Equal("Alert rule 'cpu-hihg' does not exist; did you mean 'cpu-high'?", Text(problem, "detail"));
    }

    [Fact]
    public async Task Silence_WhoseBodyIsNotJson_IsRejected()
    {
        using var answer = await host.PostAsync("api/alerts/cpu-high/silence", "because", "text/plain");

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task Test_WithoutReceivers_NamesTheSetting()
    {
        using var answer = await host.PostAsync("api/alerts:test", null);

        var problem = await answer.ProblemAsync(HttpStatusCode.Conflict, "no-alert-receivers");
        Assert.Contains("JobPipeline:Alerts:Receivers", Text(problem, "detail"), StringComparison.Ordinal);
    }

    private static JsonElement RuleOf(JsonElement list, string name) =>
        list.GetProperty("rules").EnumerateArray().Single(rule => Text(rule, "name") == name);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
