using System.Net;
using System.Text;
using System.Text.Json;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class DeadLetterTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Failing = """{ "failForGood": true }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_ByEachParameter_PagesNewestFirst()
    {
        var group = Guid.NewGuid().ToString("N");
        var ids = new List<JobId>();
        for (var i = 0; i < 5; i++)
            ids.Add(await KeepAsync(deadLetter => deadLetter with { ErrorGroup = group, Type = "test.listed" }));
        await KeepAsync(deadLetter => deadLetter);

        var listed = new List<JobId>();
        string? cursor = null;
        do
        {
            var page = await host.JsonAsync(
                $"api/dead-letters?errorGroup={group}&type=test.listed&reason=poison&replayed=false&newerThan=01:00:00"
                    + $"&limit=2&cursor={cursor}");
            Assert.InRange(page.GetProperty("deadLetters").GetArrayLength(), 0, 2);
            listed.AddRange(page.GetProperty("deadLetters").EnumerateArray().Select(deadLetter => deadLetter.Id()));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(ids.OrderDescending(), listed);
        string[] others =
        [
            "olderThan=01:00:00", "to=2020-01-01T00:00:00Z", "from=2050-01-01T00:00:00Z", "reason=unreadable", "replayed=true",
            "type=other",
        ];
        foreach (var other in others)
            Assert.Empty(
                (await host.JsonAsync($"api/dead-letters?errorGroup={group}&{other}")).GetProperty("deadLetters").EnumerateArray());
    }

    [Fact]
    public async Task List_OfADeadLetter_OmitsItsMessageAndErrors()
    {
        var id = await FailAsync();

        var deadLetter = (await host.JsonAsync("api/dead-letters?type=test.work&reason=permanentFailure"))
            .GetProperty("deadLetters")
            .EnumerateArray()
            .Single(deadLetter => deadLetter.Id() == id);

        Assert.Equal($"/api/dead-letters/{id}", deadLetter.GetProperty("location").GetString());
        Assert.Equal("failed as requested", deadLetter.GetProperty("detail").GetString());
        Assert.False(deadLetter.TryGetProperty("original", out _) || deadLetter.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task List_WithEveryParameterInvalid_NamesThemAll()
    {
        using var answer = await host.GetAsync(
            "api/dead-letters?reason=bad&from=yesterday&to=2026-01-01T00:00:00Z&olderThan=01:00:00&newerThan=soon&replayed=perhaps"
                + "&limit=0&cursor=abc&states=x&code=k");

        Assert.Equal(
            ["cursor", "from", "limit", "newerThan", "olderThan", "reason", "replayed", "states"],
            (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Fact]
    public async Task Get_OfADeadLetter_ShowsAllFields()
    {
        using var submitted = await host.PostAsync("api/jobs/test.work", """{ "failForGood": true, "milliseconds": 1 }""");
        var id = (await submitted.ReadAsync(HttpStatusCode.Accepted)).Id();
        await LetterAsync(id);

        var deadLetter = await LetterAsync(id);

        Assert.Equal("permanentFailure", deadLetter.GetProperty("reason").GetString());
        Assert.Equal(1, deadLetter.GetProperty("payload").GetProperty("milliseconds").GetInt32());
        var error = Assert.Single(deadLetter.GetProperty("errors").EnumerateArray());
        Assert.Equal("failed as requested", error.GetProperty("message").GetString());
        Assert.Equal(error.GetProperty("group").GetString(), deadLetter.GetProperty("errorGroup").GetString());
        Assert.Equal(1, Assert.Single(deadLetter.GetProperty("attempts").EnumerateArray()).GetProperty("number").GetInt32());
        Assert.Empty(deadLetter.GetProperty("replays").EnumerateArray());
        var traceParent = deadLetter.GetProperty("traceParent").GetString()!;
        Assert.Equal(traceParent.Split('-')[1], deadLetter.GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(300_000, false)]
    public async Task Get_OfADeadLetterWithALargePayload_TruncatesIt(int size, bool isShown)
    {
        using var submitted = await host.PostAsync(
            "api/jobs/test.work", $$"""{ "failForGood": true, "note": "{{new string('x', size)}}" }""");
        var id = (await submitted.ReadAsync(HttpStatusCode.Accepted)).Id();

        var deadLetter = await LetterAsync(id);

        Assert.Equal(isShown, deadLetter.TryGetProperty("payload", out var payload));
        if (isShown)
            Assert.Equal(size, payload.GetProperty("note").GetString()!.Length);
        else
            Assert.Matches(
                $"the payload has [0-9]+ bytes and is stored in the blob .*{id}/payload.json",
                deadLetter.GetProperty("payloadNote").GetString());
    }

    [Fact]
    public async Task Get_OfADeadLetterWithCredentials_RedactsThem()
    {
        var id = await KeepAsync(
            deadLetter => deadLetter with
            {
                Original = Encoding.UTF8.GetBytes(
                    """{ "type": "no.such", "payload": { "headers": { "Authorization": "s3cr3t" }, "a": 1 } }"""),
            });

        var deadLetter = await LetterAsync(id);

        Assert.DoesNotContain("s3cr3t", deadLetter.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, deadLetter.GetProperty("payload").GetProperty("a").GetInt32());
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{ "type": "test.work", "payload": "\ud800" }""")]
    [InlineData("""{ "type": "test.work", "payloadRef": true }""")]
    public async Task Get_OfADeadLetterWhosePayloadCannotBeShown_StatesTheReason(string original)
    {
        var id = await KeepAsync(deadLetter => deadLetter with { Original = Encoding.UTF8.GetBytes(original) });

        var deadLetter = await LetterAsync(id);

        Assert.False(deadLetter.TryGetProperty("payload", out _));
        Assert.NotEmpty(deadLetter.GetProperty("payloadNote").GetString()!);
        Assert.Equal(original, deadLetter.GetProperty("original").GetString());
    }

    [Fact]
    public async Task Remove_OfADeadLetter_SucceedsOnce()
    {
        var id = await FailAsync();

        using var first = await DeleteAsync(id);
        using var second = await DeleteAsync(id);

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        await second.ProblemAsync(HttpStatusCode.NotFound, "dead-letter-not-found");
        Assert.Equal("deadLettered", (await host.JsonAsync($"api/jobs/{id}")).State());
    }

    [Fact]
    public async Task Purge_ByAFilter_CountsAndRemoves()
    {
        var group = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 3; i++)
            await KeepAsync(deadLetter => deadLetter with { ErrorGroup = group });
        var other = await KeepAsync(deadLetter => deadLetter);
        var filter = $$"""{ "errorGroup": "{{group}}" }""";

        using var counted = await host.PostAsync("api/dead-letters:purge", $$"""{ "filter": {{filter}}, "dryRun": true }""");
        var counts = await counted.ReadAsync(HttpStatusCode.OK);
        Assert.Equal((3, true), (counts.GetProperty("total").GetInt32(), counts.GetProperty("isExact").GetBoolean()));
        Assert.Equal(3, counts.GetProperty("byReason").GetProperty("poison").GetInt32());

        using var purged = await host.PostAsync("api/dead-letters:purge", $$"""{ "filter": {{filter}} }""");
        var done = await purged.ReadAsync(HttpStatusCode.OK);
        Assert.Equal((3, false), (done.GetProperty("removed").GetInt32(), done.TryGetProperty("nextCursor", out _)));
        Assert.Empty((await host.JsonAsync($"api/dead-letters?errorGroup={group}")).GetProperty("deadLetters").EnumerateArray());
        await LetterAsync(other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{ "filter": {} }""")]
    [InlineData("""{ "filter": { "olderthan": "01:00:00" }, "cursor": "abc" }""")]
    [InlineData("""{ "filter": { "olderThan": "-01:00:00" } }""")]
    [InlineData("""{ "filter": { "reason": "bad" } }""")]
    [InlineData("""{ "filter": { "olderThan": "01:00:00", "to": "2026-01-01T00:00:00Z" } }""")]
    [InlineData("""{ "all": true }""")]
    public async Task Purge_WithoutALimitOrWithAnInvalidOne_IsRejectedAndRemovesNothing(string body)
    {
        var id = await KeepAsync(deadLetter => deadLetter);

        using var answer = await host.PostAsync("api/dead-letters:purge", body);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await LetterAsync(id);
    }

    private async Task<JobId> FailAsync()
    {
        using var answer = await host.PostAsync("api/jobs/test.work", Failing);
        var id = (await answer.ReadAsync(HttpStatusCode.Accepted)).Id();
        await LetterAsync(id);
        return id;
    }

    private async Task<JobId> KeepAsync(Func<DeadLetter, DeadLetter> change)
    {
        var id = JobId.Create(TimeProvider.System.GetUtcNow());
        var deadLetter = new DeadLetter
        {
            Id = id,
            Reason = DeadLetterReason.Poison,
            Detail = "kept",
            At = TimeProvider.System.GetUtcNow(),
            Queue = PriorityQueues.Normal,
        };
        await host.Producer.Get<IDeadLetterStore>().AddAsync(change(deadLetter), Token);
        return id;
    }

    private async Task<JsonElement> LetterAsync(JobId id)
    {
        JsonElement deadLetter = default;
        await Eventually.TrueAsync(
            async () => (deadLetter = await host.JsonAsync($"api/dead-letters/{id}")).ValueKind == JsonValueKind.Object,
            "the dead letter is stored");
        return deadLetter;
    }

    private Task<HttpResponseMessage> DeleteAsync(JobId id) =>
        host.Api.DeleteAsync(new Uri($"api/dead-letters/{id}", UriKind.Relative), Token);
}
