using System.Net;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class CancelTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Cancel_OfAScheduledJob_CancelsItWithTheReason()
    {
        var id = await SubmitAsync("api/jobs/test.work?delay=1.00:00:00");

        using var answer = await host.PostAsync($"api/jobs/{id}/cancel", """{ "reason": "not needed" }""");

        var view = await answer.ReadAsync(HttpStatusCode.Accepted);
        Assert.Equal("cancelled", view.GetProperty("outcome").GetString());
        var job = await host.JsonAsync(answer.Headers.Location!.ToString());
        Assert.Equal(("cancelled", "not needed"), (job.State(), job.GetProperty("reason").GetString()));
        using var again = await host.PostAsync($"api/jobs/{id}/cancel", null);
        Assert.Equal("cancelled", (await again.ReadAsync(HttpStatusCode.Accepted)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Cancel_OfARunningJob_ReachesItsWorker()
    {
        var id = await SubmitAsync("api/jobs/test.work", """{ "milliseconds": 600000 }""");
        await Eventually.TrueAsync(async () => (await host.JsonAsync($"api/jobs/{id}")).State() == "running", "the job runs");

        using var answer = await host.PostAsync($"api/jobs/{id}/cancel", null);

        Assert.Equal("requested", (await answer.ReadAsync(HttpStatusCode.Accepted)).GetProperty("outcome").GetString());
        Assert.Equal("cancelled", (await host.EndedAsync(id)).State());
    }

    [Fact]
    public async Task Cancel_OfAnEndedJob_IsAConflict()
    {
        var id = await SubmitAsync("api/jobs/test.work");
        await host.EndedAsync(id);

        using var answer = await host.PostAsync($"api/jobs/{id}/cancel", "{}");

        await answer.ProblemAsync(HttpStatusCode.Conflict, "already-ended");
    }

    [Theory]
    [InlineData("nonsense", "{}", HttpStatusCode.NotFound, "job-not-found")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", "{}", HttpStatusCode.NotFound, "job-not-found")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", """{ "reason": "" }""", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", """{ "raeson": "x" }""", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd", "{", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task Cancel_OfAnUnknownJobOrWithAnInvalidRequest_IsRejected(string id, string body, HttpStatusCode status, string problem)
    {
        using var answer = await host.PostAsync($"api/jobs/{id}/cancel", body);

        await answer.ProblemAsync(status, problem);
    }

    private async Task<JobId> SubmitAsync(string path, string body = "{}")
    {
        using var answer = await host.PostAsync(path, body);
        return (await answer.ReadAsync(HttpStatusCode.Accepted)).Id();
    }
}
