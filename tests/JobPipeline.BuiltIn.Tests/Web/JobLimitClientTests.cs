using System.Net;
using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>The limit of an <see cref="HttpClient"/>, with a real server, and instances that share a store.</summary>
public sealed class JobLimitClientTests
{
    private readonly VirtualTimeProvider _time = new();
    private readonly WatchedLimitStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "Retry-After", "30", 30)]
    [InlineData(503, "Retry-After", "30", 30)]
    [InlineData(429, "Retry-After", "99999999999", 3600)]
    [InlineData(429, "Retry-After", "Tue, 24 Nov 2026 09:01:30 GMT", 90)]
    [InlineData(429, "Retry-After", "Wed, 24 Nov 2027 09:01:30 GMT", 3600)]
    [InlineData(429, "X-RateLimit-Reset", "45", 45)]
    [InlineData(429, "X-RateLimit-Reset", "1795510860", 60)]
    [InlineData(429, "X-RateLimit-Reset", "1795510860000", 60)]
    [InlineData(429, "Retry-After", "0", null)]
    [InlineData(429, "Retry-After", "-5", null)]
    [InlineData(429, "Retry-After", "Mon, 23 Nov 2026 09:00:00 GMT", null)]
    [InlineData(429, "Retry-After", "soon", null)]
    [InlineData(429, "X-RateLimit-Reset", "NaN", null)]
    [InlineData(429, "X-Other", "30", null)]
    [InlineData(503, "X-RateLimit-Reset", "45", null)]
    [InlineData(200, "Retry-After", "30", null)]
    [InlineData(500, "Retry-After", "30", null)]
    public async Task Answer_ThatAsksToWait_ClosesTheLimit(int status, string header, string value, int? seconds)
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers[header] = value;
            await context.Response.WriteAsync("the body");
        });
        await using var instance = Instance("http");

        using var response = await ClientOf(instance).GetAsync(peer.Url(), Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(value, response.Headers.NonValidated[header].ToString());
        Assert.Equal("the body", await response.Content.ReadAsStringAsync(Token));
        var meter = await _store.ReadMeterAsync(new GateId("stripe", ""), Token);
        Assert.Equal(seconds, (meter.BlockedUntil - MeterRules.ClockSkew - _time.GetUtcNow())?.TotalSeconds);
        Assert.Equal(seconds is null ? null : $"closed: 127.0.0.1 returned {status}", meter.BlockedWhy);
    }

    [Fact]
    public async Task Answer_ToOneInstance_HoldsTheOtherBack()
    {
        await using var peer = await Peer.StartAsync(TooManyAtFirst());
        await using var first = Instance("first");
        await using var second = Instance("second");
        using var refused = await ClientOf(first).GetAsync(peer.Url(), Token);

        var error = await Assert.ThrowsAsync<JobThrottledException>(() => ClientOf(second).GetAsync(peer.Url(), Token));

        Assert.Equal(TimeSpan.FromSeconds(32), error.RetryAfter);
        Assert.Contains("127.0.0.1 returned 429", error.Message, StringComparison.Ordinal);
        Assert.Single(peer.Requests);
        _time.Advance(error.RetryAfter);
        using var answered = await ClientOf(second).GetAsync(peer.Url(), Token);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Answers_ThatComeTogether_CostOneWrite()
    {
        const int Requests = 20;
        var (arrived, before) = (0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = await Peer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref arrived) == Requests)
            {
                // All permits have been taken by then.
                before = _store.Writes;
                all.SetResult();
            }

            await all.Task;
            // The answers name different times.
            lock (_time)
                _time.Advance(TimeSpan.FromMilliseconds(50));
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "30";
        });
        await using var instance = Instance("http");
        var client = ClientOf(instance);
        var sending = Enumerable.Range(0, Requests).Select(_ => client.GetAsync(peer.Url(), Token)).ToList();

        await Task.WhenAll(sending);

        Assert.Equal(1, _store.Writes - before);
    }

    [Fact]
    public async Task Request_WithAKeyOfItsOwn_CountsForIt()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var instance = Instance("http", request => request.RequestUri!.Segments[^1]);

        using var answer = await ClientOf(instance).GetAsync(peer.Url("/accounts/ada"), Token);

        Assert.NotNull((await _store.ReadMeterAsync(new GateId("stripe", "ada"), Token)).NextArrival);
        Assert.Null((await _store.ReadMeterAsync(new GateId("stripe", ""), Token)).NextArrival);
    }

    [Fact]
    public async Task Request_OfAJob_CountsForItsTenantAndDefersIt()
    {
        await using var peer = await Peer.StartAsync(TooManyAtFirst());
        await using var instance = Instance("http");
        var id = await instance.EnqueueAsync(JobRequest.For("calling", new CallingJob.Payload(peer.Url())) with { Tenant = "acme" });
        var begin = _time.GetUtcNow();

        await instance.RunUntilIdleAsync(Token);

        Assert.Equal(JobState.Succeeded, await instance.GetStateAsync(id, Token));
        Assert.Equal(1, (await instance.GetAsync(id, Token)).Record!.Status.Attempt);
        Assert.Equal(2, peer.Requests.Count);
        Assert.True(_time.GetUtcNow() - begin >= TimeSpan.FromSeconds(30), $"{_time.GetUtcNow() - begin}");
        Assert.NotNull((await _store.ReadMeterAsync(new GateId("stripe", "acme"), Token)).NextArrival);
    }

    [Fact]
    public async Task Answer_WhenTheStoreIsDown_IsReturned()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            // The permit was given before.
            _store.IsDown = true;
            context.Response.Headers.RetryAfter = "30";
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });
        await using var instance = Instance("http");

        using var answer = await ClientOf(instance).GetAsync(peer.Url(), Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task Client_WithALimitThatIsNotConfigured_IsNotCreated()
    {
        await using var instance = Instance("http", limit: "stripes");

        var error = Assert.Throws<ArgumentException>(() => ClientOf(instance));

        Assert.Contains("Limit 'stripes' is not configured", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithoutWaiting_IsRefused()
    {
        await using var instance = Instance("http");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:9/");

        Assert.Throws<NotSupportedException>(() => ClientOf(instance).Send(request, Token));
    }

    /// <summary>Refuses the first request for half a minute.</summary>
    private static RequestDelegate TooManyAtFirst()
    {
        var requests = 0;
        return context =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "30";
            }

            return Task.CompletedTask;
        };
    }

    private static HttpClient ClientOf(JobTestHarness instance) =>
        instance.Services.GetRequiredService<IHttpClientFactory>().CreateClient("stripe");

    /// <summary>An instance whose client is named as its limit; all share the store and the clock.</summary>
    private JobTestHarness Instance(string name, Func<HttpRequestMessage, string?>? key = null, string limit = "stripe") =>
        new(new JobTestHarnessOptions
        {
            Time = _time,
            Handlers = [typeof(CallingJob)],
            Configuration =
            [
                KeyValuePair.Create("JobPipeline:Limits:stripe:Rate", (string?)"100/00:00:01"),
                KeyValuePair.Create("JobPipeline:Limits:stripe:Key", (string?)"tenant"),
            ],
            ConfigureServices = services =>
            {
                services.AddSingleton(new WorkerIdentity(name)).AddSingleton<ILimitStore>(_store);
                services.AddHttpClient("stripe").AddJobLimit(limit, key);
            },
        });

    [Job("calling")]
    internal sealed class CallingJob(IHttpClientFactory clients) : IJobHandler<CallingJob.Payload>
    {
        public async Task<JobOutcome> HandleAsync(Payload payload, JobContext context, CancellationToken cancellationToken)
        {
            using var answer = await clients.CreateClient("stripe").GetAsync(payload.Url, cancellationToken);
            answer.EnsureSuccessStatusCode();
            return JobOutcome.Success();
        }

        internal sealed record Payload(string Url);
    }
}
