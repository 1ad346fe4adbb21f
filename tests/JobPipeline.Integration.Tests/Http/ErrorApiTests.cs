using System.Net;
using System.Text.Json;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>Error groups as used by an engineer on call: a real process and real HTTP.</summary>
[Slow]
public sealed class ErrorApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Errors_FromAFailedJobToItsGroupAndBack_AreConsistent()
    {
        var job = await host.EndedAsync(await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "failForGood": true } }"""));
        var id = GroupOf(job);

        // Other jobs fail in the same way, so wait until the failure of this job is counted.
        var group = await GroupAsync(id, shown => SampleOf(job, shown).ValueKind == JsonValueKind.Object);
        Assert.Equal("JobRejectedException: failed as requested", group.GetProperty("title").GetString());
        Assert.Equal("test.work", group.GetProperty("jobTypes")[0].GetString());
        Assert.Equal(("open", false), (group.State(), group.GetProperty("isRegression").GetBoolean()));
        Assert.Equal(Count(group), group.GetProperty("days").EnumerateArray().Sum(day => day.GetProperty("count").GetInt64()));
        var sample = SampleOf(job, group);
        Assert.Equal(job.Id(), (await host.JsonAsync(sample.GetProperty("location").GetString()!)).Id());

        var listed = await host.JsonAsync("api/errors?state=open&type=test.work");
        Assert.Contains(id, listed.GetProperty("errors").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()));
        Assert.Empty((await host.JsonAsync("api/errors?type=test.family")).GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Errors_OfAnUnreadableMessage_LinkToTheDeadLetter()
    {
        var dropped = await host.Producer.DropAsync("""{ "nonsense": 1 }""");
        JsonElement group = default;
        await Eventually.TrueAsync(
            async () =>
            {
                group = (await host.JsonAsync("api/errors")).GetProperty("errors")
                    .EnumerateArray()
                    .FirstOrDefault(entry => entry.GetProperty("exceptionType").GetString() == "Unreadable");
                return group.ValueKind == JsonValueKind.Object;
            },
            "the group is listed");

        var sample = (await host.JsonAsync($"api/errors/{group.GetProperty("id").GetString()}")).GetProperty("samples")[0];

        Assert.False(sample.TryGetProperty("attempt", out _));
        Assert.Equal(dropped, (await host.JsonAsync(sample.GetProperty("location").GetString()!)).Id());
    }

    [Fact]
    public async Task Errors_ResolvedIgnoredAndReopened_ShowTheirTriageState()
    {
        var id = GroupOf(
            await host.EndedAsync(await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "succeedOnAttempt": 2 } }""")));
        await GroupAsync(id, shown => Count(shown) > 0);

        var resolved = await (await host.PostAsync($"api/errors/{id}/resolve", null)).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            ("resolved", resolved.GetProperty("lastRelease").GetString()),
            (resolved.State(), resolved.GetProperty("resolvedIn").GetString()));
        var again = await (await host.PostAsync($"api/errors/{id}/resolve", """{ "release": "99.0.0" }""")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal("99.0.0", again.GetProperty("resolvedIn").GetString());
        Assert.Equal("ignored", (await (await host.PostAsync($"api/errors/{id}/ignore", null)).ReadAsync(HttpStatusCode.OK)).State());
        Assert.Equal("open", (await (await host.PostAsync($"api/errors/{id}/reopen", null)).ReadAsync(HttpStatusCode.OK)).State());
    }

    [Fact]
    public async Task Recount_OverHttp_IsAJobThatEnds()
    {
        var id = GroupOf(
            await host.EndedAsync(await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "succeedOnAttempt": 3 } }""")));
        await GroupAsync(id, shown => Count(shown) > 0);

        using var answer = await host.PostAsync($"api/errors/{id}/recount", null);
        var accepted = await answer.ReadAsync(HttpStatusCode.Accepted);

        Assert.Equal(answer.Headers.Location!.ToString(), accepted.GetProperty("location").GetString());
        Assert.Equal("succeeded", (await host.EndedAsync(accepted.Id())).State());
    }

    [Fact]
    public async Task Replay_OfAGroup_CountsAndReplaysOnlyItsDeadLetters()
    {
        var deadLetters = new List<JsonElement>();
        for (var i = 0; i < 3; i++)
            deadLetters.Add(
                await LetterAsync($$"""{ "type": "csv.import", "payload": { "blob": "inbox/missing{{i}}.csv", "table": "Orders" } }"""));
        var other = await LetterAsync("""{ "type": "test.work", "payload": { "failForGood": true } }""");
        var id = deadLetters[0].GetProperty("errorGroup").GetString()!;
        await GroupAsync(id, shown => Count(shown) == 3);

        var counts = await (await host.PostAsync($"api/errors/{id}/replay", """{ "dryRun": true }""")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal((3, 3), (counts.GetProperty("total").GetInt32(), counts.GetProperty("byType").GetProperty("csv.import").GetInt32()));
        Assert.Equal(0, await ReplaysAsync(deadLetters[0]));

        using var answer = await host.PostAsync($"api/errors/{id}/replay", """{ "perSecond": 100 }""");
        var accepted = await answer.ReadAsync(HttpStatusCode.Accepted);
        Assert.Equal(answer.Headers.Location!.ToString(), accepted.GetProperty("location").GetString());
        var job = await host.EndedAsync(accepted.Id());
        Assert.Equal(
            (3, 0),
            (job.GetProperty("result").GetProperty("replayed").GetInt32(), job.GetProperty("result").GetProperty("refused").GetInt32()));
        foreach (var deadLetter in deadLetters)
            Assert.Equal(1, await ReplaysAsync(deadLetter));
        Assert.Equal(0, await ReplaysAsync(other));
    }

    [Theory]
    [InlineData("api/errors?limit=1")]
    [InlineData("api/errors?limit=1&state=open")]
    public async Task List_PageByPage_ReturnsEachGroupOnce(string path)
    {
        await host.EndedAsync(await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "failForGood": true } }"""));
        await host.EndedAsync(await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "milliseconds": -2 } }"""));
        await Eventually.TrueAsync(
            async () => (await host.JsonAsync("api/errors?state=open")).GetProperty("errors").GetArrayLength() >= 2,
            "two groups are listed");
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await host.JsonAsync($"{path}&cursor={cursor}");
            ids.AddRange(page.GetProperty("errors").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        Assert.True(ids.Count >= 2);
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("GET", "api/errors?state=broken&limit=0&cursor=nonsense", null, 400, "invalid-request")]
    [InlineData("GET", "api/errors?sate=open", null, 400, "invalid-request")]
    [InlineData("GET", "api/errors?cursor=AQAAAAAAAAAAAAAAAAAAAAA", null, 200, "")]
    [InlineData("GET", "api/errors?cursor=AX__________AAAAAAAAAAA", null, 400, "invalid-request")]
    [InlineData("GET", "api/errors/0000000000000000", null, 404, "error-group-not-found")]
    [InlineData("GET", "api/errors/nonsense", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/resolve", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/resolve", "{ \"release\": \"\" }", 400, "invalid-request")]
    [InlineData("POST", "api/errors/0000000000000000/resolve", "{ \"version\": \"1\" }", 400, "invalid-request")]
    [InlineData("POST", "api/errors/0000000000000000/ignore", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/reopen", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/recount", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/replay", null, 404, "error-group-not-found")]
    [InlineData("POST", "api/errors/0000000000000000/replay", "{ \"perSecond\": 0 }", 400, "invalid-request")]
    public async Task Requests_ThatAreInvalid_AreRejectedWithAReason(string method, string path, string? body, int status, string problem)
    {
        using var answer = method == "GET" ? await host.GetAsync(path) : await host.PostAsync(path, body);
        if (status == 200)
            await answer.ReadAsync(HttpStatusCode.OK);
        else
            await answer.ProblemAsync((HttpStatusCode)status, problem);
    }

    private static string GroupOf(JsonElement job) => job.GetProperty("attempts")[0].GetProperty("error").GetProperty("group").GetString()!;

    /// <summary>Returns the sample of a job in a group; undefined if the group has none.</summary>
    private static JsonElement SampleOf(JsonElement job, JsonElement group) => Count(group) == 0
        ? default
        : group.GetProperty("samples").EnumerateArray().FirstOrDefault(
            entry => entry.GetProperty("job").GetString() == job.Id().ToString());

    private static long Count(JsonElement group) => group.ValueKind == JsonValueKind.Object ? group.GetProperty("count").GetInt64() : 0;

    /// <summary>Sends the message and returns the resulting dead letter.</summary>
    private async Task<JsonElement> LetterAsync(string message)
    {
        var id = await host.Producer.DropAsync(message);
        JsonElement deadLetter = default;
        await Eventually.TrueAsync(
            async () => (deadLetter = await host.JsonAsync($"api/dead-letters/{id}")).ValueKind == JsonValueKind.Object,
            $"dead letter {id} is stored");
        return deadLetter;
    }

    private async Task<int> ReplaysAsync(JsonElement deadLetter) =>
        (await host.JsonAsync($"api/dead-letters/{deadLetter.Id()}")).GetProperty("replays").GetArrayLength();

    private async Task<JsonElement> GroupAsync(string id, Func<JsonElement, bool> condition)
    {
        JsonElement group = default;
        await Eventually.TrueAsync(async () => condition(group = await host.JsonAsync($"api/errors/{id}")), $"group {id} is as expected");
        return group;
    }
}
