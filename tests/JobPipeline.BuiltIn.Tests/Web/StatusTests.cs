using JobPipeline.BuiltIn.Web;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class StatusTests
{
    [Theory]
    [InlineData(400, ErrorKind.Permanent)]
    [InlineData(401, ErrorKind.Permanent)]
    [InlineData(404, ErrorKind.Permanent)]
    [InlineData(408, ErrorKind.Transient)]
    [InlineData(425, ErrorKind.Transient)]
    [InlineData(500, ErrorKind.Transient)]
    [InlineData(503, ErrorKind.Transient)]
    [InlineData(599, ErrorKind.Transient)]
    [InlineData(304, ErrorKind.Transient)]
    public async Task Status_ThatIsNotExpected_IsClassified(int status, ErrorKind kind)
    {
        await using var peer = await AnswerAsync(status, "no\ngood");
        await using var scene = new WebScene();

        var error = await scene.RunToErrorAsync(new { url = peer.Url("/secret-path?sig=secret") });

        Assert.Equal(kind, error.Kind);
        Assert.Equal($"GET {peer.Url("")} returned status {status}, expected 2xx{(status == 304 ? "" : ": no good")}", error.Message);
    }

    [Theory]
    [InlineData("404", 404)]
    [InlineData("4xx", 429)]
    [InlineData("500-503", 503)]
    public async Task Status_ThatIsExpected_IsASuccess(string expected, int status)
    {
        await using var peer = await AnswerAsync(status, "", ("Retry-After", "1"));
        await using var scene = new WebScene();

        Assert.Equal(status, (await scene.RunAsync(new { url = peer.Url(), expectedStatus = new[] { "200", expected } })).Status);
    }

    [Fact]
    public async Task Status_500AndThen200_SucceedsOnTheSecondAttempt()
    {
        var answers = 0;
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref answers) == 1 ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var scene = new WebScene();
        var id = await scene.Harness.EnqueueAsync(WebScene.Type, new { method = "POST", url = peer.Url() }, WebScene.Token);

        await scene.Harness.RunUntilIdleAsync(WebScene.Token);

        Assert.Equal(2, (await scene.Harness.GetAsync(id, WebScene.Token)).Attempts.Count);
        Assert.Equal(JobState.Succeeded, await scene.Harness.GetStateAsync(id, WebScene.Token));
        Assert.Equal([id.ToString(), id.ToString()], peer.Requests.Select(request => request.Headers["Idempotency-Key"]));
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(429, "Tue, 24 Nov 2026 09:05:00 GMT", 300)]
    [InlineData(503, "Tue, 24 Nov 2026 09:05:00 GMT", 300)]
    [InlineData(429, "999999", 3600)]
    [InlineData(429, "0", 1)]
    [InlineData(429, "Tue, 24 Nov 2020 09:05:00 GMT", 1)]
    [InlineData(429, "2147483648", 3600)]
    [InlineData(503, "2147483648", 3600)]
    [InlineData(429, "99999999999", 3600)]
    [InlineData(503, "99999999999", 3600)]
    [InlineData(503, "999999999999999999999999999999999999999999", 3600)]
    [InlineData(429, "Fri, 31 Dec 9999 23:59:59 GMT", 3600)]
    [InlineData(503, "Tuesday, 24-Nov-26 09:05:00 GMT", 300)]
    [InlineData(503, "Tue Nov 24 09:05:00 2026", 300)]
    [InlineData(503, "1.5", 2)]
    [InlineData(429, "-5", 1)]
    [InlineData(503, "-5", 1)]
    [InlineData(503, "-99999999999", 1)]
    [InlineData(429, "soon", 30)]
    [InlineData(503, "soon", 30)]
    [InlineData(503, "", 30)]
    [InlineData(503, "PT5M", 30)]
    [InlineData(429, "60, 120", 120)]
    public async Task RetryAfter_OfEachForm_DefersTheJobWithoutUsingAnAttempt(int status, string retryAfter, int seconds)
    {
        await using var peer = await AnswerAsync(status, "", ("Retry-After", retryAfter));
        await using var scene = new WebScene();
        var start = scene.Harness.Time.GetUtcNow();
        var id = await scene.EnqueueOnceAsync(new { url = peer.Url() });

        await scene.Harness.RunNextAsync(WebScene.Token);

        var job = await scene.Harness.GetAsync(id, WebScene.Token);
        Assert.Equal((AttemptState.Released, 1), (job.Current!.State, job.Current.Number));
        Assert.Equal(start + TimeSpan.FromSeconds(seconds), job.Record!.Status.DueAt);
        Assert.Empty(await scene.Harness.GetDeadLettersAsync(WebScene.Token));
    }

    [Theory]
    [InlineData("2xx", 200, 299)]
    [InlineData("5XX", 500, 599)]
    [InlineData("204", 204, 204)]
    [InlineData("200-204", 200, 204)]
    public void StatusRange_OfEachForm_RoundTrips(string text, int low, int high)
    {
        Assert.True(StatusRange.TryParse(text, out var range));
        Assert.Equal(new StatusRange(low, high), range);
        Assert.Equal(text, range.ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20x")]
    [InlineData("6xx")]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("299-200")]
    [InlineData("200-")]
    [InlineData("200-201-202")]
    [InlineData("-200")]
    public void StatusRange_Invalid_IsRejected(string text) => Assert.False(StatusRange.TryParse(text, out _));

    private static Task<Peer> AnswerAsync(int status, string body, params (string Name, string Value)[] headers) =>
        Peer.StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        if (status != StatusCodes.Status304NotModified)
            await context.Response.WriteAsync(body, WebScene.Token);
    });
}
