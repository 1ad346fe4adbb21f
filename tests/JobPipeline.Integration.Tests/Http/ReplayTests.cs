using System.Net;
using System.Text;
using System.Text.Json;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class ReplayTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_WithAnEditedPayload_RunsAsANewJobLinkedBothWays()
    {
        var deadLetter = await KeepAsync("""{ "type": "test.work", "payload": { "failForGood": true } }""");

        using var answer = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", """{ "payload": { "milliseconds": 1 } }""");
        var replayed = await answer.ReadAsync(HttpStatusCode.Accepted);

        Assert.Equal(answer.Headers.Location!.ToString(), replayed.GetProperty("location").GetString());
        var job = await host.EndedAsync(replayed.Id());
        Assert.Equal("succeeded", job.State());
        Assert.Equal(deadLetter.ToString(), job.GetProperty("replayOf").GetString());
        var replay = Assert.Single((await host.JsonAsync($"api/dead-letters/{deadLetter}")).GetProperty("replays").EnumerateArray());
        Assert.Equal(
            (replayed.Id().ToString(), $"/api/jobs/{replayed.Id()}", "succeeded", true, "a program on this machine"),
            (
                Text(replay, "job"),
                Text(replay, "location"),
                Text(replay, "state"),
                replay.GetProperty("isEdited").GetBoolean(),
                Text(replay, "by")));
        var line = (await host.JsonAsync("api/dead-letters?replayed=true")).GetProperty("deadLetters").EnumerateArray().Single(
            line => line.Id() == deadLetter);
        Assert.Equal(replayed.Id().ToString(), line.GetProperty("lastReplay").GetProperty("job").GetString());
    }

    [Fact]
    public async Task Replay_Twice_IsRejectedUnlessForced()
    {
        var deadLetter = await KeepAsync("""{ "type": "test.work" }""");
        using var first = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", null);
        var job = (await first.ReadAsync(HttpStatusCode.Accepted)).Id();

        using var second = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", "{}");
        var problem = await second.ProblemAsync(HttpStatusCode.Conflict, "already-replayed");
        Assert.Equal($"/api/jobs/{job}", Text(problem, "job"));

        using var forced = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", """{ "force": true }""");
        Assert.NotEqual(job, (await forced.ReadAsync(HttpStatusCode.Accepted)).Id());
    }

    [Fact]
    public async Task Replay_OfADeadLetterBeingReplayed_ReturnsRetryAfter()
    {
        var deadLetter = await KeepAsync("""{ "type": "test.work" }""", new Replay(JobId.Create(Now), Now, "somebody"));

        using var answer = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", null);

        var problem = await answer.ProblemAsync(HttpStatusCode.Conflict, "being-replayed");
        Assert.True(problem.GetProperty("until").GetDateTimeOffset() > Now);
    }

    [Theory]
    [InlineData("no json", "", "payload,type")]
    [InlineData("no json", """{ "type": "test.work" }""", "payload")]
    [InlineData("""{ "type": "test.wrok" }""", "", "type")]
    [InlineData("""{ "type": "test.family", "payload": { "children": 11 } }""", "", "payload.children")]
    [InlineData("""{ "type": "test.work", "payloadRef": true }""", "", "payload")]
    public async Task Replay_OfAnInvalidJob_ReportsValidationErrors(string original, string body, string fields)
    {
        var deadLetter = await KeepAsync(original);

        using var answer = await host.PostAsync($"api/dead-letters/{deadLetter}/replay", body);

        Assert.Equal(
            fields, string.Join(',', (await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-replayable")).ErrorFields()));
        Assert.Empty((await host.JsonAsync($"api/dead-letters/{deadLetter}")).GetProperty("replays").EnumerateArray());
    }

    [Theory]
    [InlineData("nonsense", "{}", HttpStatusCode.NotFound, "dead-letter-not-found")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", "{}", HttpStatusCode.NotFound, "dead-letter-not-found")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", """{ "forced": true }""", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", "{", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task Replay_WithAnInvalidRequest_IsRejected(string id, string body, HttpStatusCode status, string problem)
    {
        using var answer = await host.PostAsync($"api/dead-letters/{id}/replay", body);

        await answer.ProblemAsync(status, problem);
    }

    [Fact]
    public async Task ReplayMany_ByAFilter_CountsAndRunsAJob()
    {
        var group = Guid.NewGuid().ToString("N");
        var deadLetters = new List<JobId>();
        for (var i = 0; i < 6; i++)
            deadLetters.Add(await KeepAsync("""{ "type": "test.work" }""", group: group));
        await KeepAsync("no json", group: group);
        var other = await KeepAsync("""{ "type": "test.work" }""");

        using var counted = await host.PostAsync(
            "api/dead-letters:replay", $$"""{ "filter": { "errorGroup": "{{group}}" }, "dryRun": true }""");
        var counts = await counted.ReadAsync(HttpStatusCode.OK);
        Assert.Equal((7, 7), (counts.GetProperty("total").GetInt32(), counts.GetProperty("byReason").GetProperty("poison").GetInt32()));

        using var started = await host.PostAsync(
            "api/dead-letters:replay", $$"""{ "filter": { "errorGroup": "{{group}}" }, "perSecond": 100 }""");
        var job = await host.EndedAsync((await started.ReadAsync(HttpStatusCode.Accepted)).Id());

        Assert.Equal("succeeded", job.State());
        var result = job.GetProperty("result");
        Assert.Equal((6, 1), (result.GetProperty("replayed").GetInt32(), result.GetProperty("refused").GetInt32()));
        Assert.Equal(
            (7, 7),
            (job.GetProperty("progress").GetProperty("done").GetInt32(), job.GetProperty("progress").GetProperty("total").GetInt32()));
        foreach (var deadLetter in deadLetters)
        {
            var replay = Assert.Single((await host.JsonAsync($"api/dead-letters/{deadLetter}")).GetProperty("replays").EnumerateArray());
            Assert.Equal("succeeded", (await host.EndedAsync(JobId.Parse(Text(replay, "job")!))).State());
        }

        Assert.Empty((await host.JsonAsync($"api/dead-letters/{other}")).GetProperty("replays").EnumerateArray());
    }

    [Theory]
    [InlineData("""{ "perSecond": 0 }""", "perSecond")]
    [InlineData("""{ "perSecond": 1001 }""", "perSecond")]
    [InlineData("""{ "filter": { "replayed": true } }""", "filter.replayed")]
    [InlineData("""{ "filter": { "olderThan": "-00:00:01", "to": "0001-01-01T00:00:00Z" } }""", "filter.olderThan,filter.to")]
    public async Task ReplayMany_WithAnInvalidRequest_IsRejected(string body, string fields)
    {
        using var answer = await host.PostAsync("api/dead-letters:replay", body);

        Assert.Equal(
            fields, string.Join(',', (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields().Distinct()));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static string? Text(JsonElement view, string member) => view.GetProperty(member).GetString();

    private async Task<JobId> KeepAsync(string original, Replay? replay = null, string? group = null)
    {
        var id = JobId.Create(Now);
        await host.Producer.Get<IDeadLetterStore>().AddAsync(
            new DeadLetter
            {
                Id = id,
                Reason = DeadLetterReason.Poison,
                Detail = "kept",
                At = Now,
                Queue = PriorityQueues.Normal,
                Original = Encoding.UTF8.GetBytes(original),
                Replays = replay is null ? [] : [replay],
                ErrorGroup = group,
            },
            Token);
        return id;
    }
}
