using System.Net;
using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class JobListTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Later = "api/jobs/test.work?delay=1.00:00:00";

    [Fact]
    public async Task List_ByTagAndState_PagesNewestFirst()
    {
        var tag = $"t{Guid.NewGuid():N}";
        var ids = new List<JobId>();
        for (var i = 0; i < 5; i++)
            ids.Add(await SubmitAsync($"{Later}&tag={tag}"));
        await SubmitAsync(Later);

        var listed = new List<JobId>();
        string? cursor = null;
        do
        {
            var page = await host.JsonAsync($"api/jobs?state=scheduled&type=test.work&tag={tag}&limit=2&cursor={cursor}");
            Assert.InRange(page.GetProperty("jobs").GetArrayLength(), 0, 2);
            listed.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.Id()));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(ids.OrderDescending(), listed);
        Assert.Empty((await host.JsonAsync($"api/jobs?tag={tag}&state=running")).GetProperty("jobs").EnumerateArray());
        Assert.Empty(
            (await host.JsonAsync($"api/jobs?tag={tag}&to=2020-01-01T00:00:00Z&from=2019-01-01T00:00:00Z"))
                .GetProperty("jobs")
                .EnumerateArray());
    }

    [Fact]
    public async Task List_WithoutAQuery_ShowsSummaries()
    {
        var id = await SubmitAsync($"{Later}&tag=shown&correlationId=c7");

        var job = (await host.JsonAsync("api/jobs")).GetProperty("jobs").EnumerateArray().Single(job => job.Id() == id);

        Assert.Equal("test.work", job.GetProperty("type").GetString());
        Assert.Equal("c7", job.GetProperty("correlationId").GetString());
        Assert.Equal("scheduled", job.State());
    }

    [Fact]
    public async Task List_WithEveryParameterInvalid_NamesThemAll()
    {
        using var answer = await host.GetAsync("api/jobs?state=asleep&from=yesterday&to=9999-01-01&limit=201&cursor=abc&type=a&type=b");

        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(["cursor", "from", "limit", "state", "to", "type"], problem.ErrorFields());
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task List_WithAnInvalidCursor_IsRejected(string cursor)
    {
        using var answer = await host.GetAsync($"api/jobs?cursor={cursor}");

        Assert.Equal(["cursor"], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Fact]
    public async Task Get_OfAWaitingJob_ShowsTheReason()
    {
        var id = await SubmitAsync(Later);

        var waits = (await host.JsonAsync($"api/jobs/{id}")).GetProperty("waitsFor");

        var wait = Assert.Single(waits.EnumerateArray());
        Assert.Equal("due-time", wait.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.String, wait.GetProperty("until").ValueKind);
    }

    [Fact]
    public async Task Get_OfAJobWithChildren_ShowsTheirStates()
    {
        using var answer = await host.PostAsync("api/jobs/test.family", """{ "children": 3 }""");
        var parent = await host.EndedAsync((await answer.ReadAsync(HttpStatusCode.Accepted)).Id());

        var children = parent.GetProperty("children").EnumerateArray().ToList();

        Assert.Equal(3, children.Count);
        Assert.False(parent.TryGetProperty("waitsFor", out _));
        foreach (var child in children)
        {
            var job = await host.EndedAsync(child.Id());
            Assert.Equal(parent.Id(), JobId.Parse(job.GetProperty("parent").GetString()!));
        }

        Assert.All(
            (await host.JsonAsync($"api/jobs/{parent.Id()}")).GetProperty("children").EnumerateArray(),
            child => Assert.Equal("succeeded", child.State()));
    }

    private async Task<JobId> SubmitAsync(string path)
    {
        using var answer = await host.PostAsync(path, "{}");
        return (await answer.ReadAsync(HttpStatusCode.Accepted)).Id();
    }
}
