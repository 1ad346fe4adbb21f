using System.Text.Json;
using JobPipeline.Functions.Http;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.Maintenance.Heartbeats;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.Functions.Tests.Delivery;

/// <summary>Executions of functions while memory is short.</summary>
public sealed class GovernorTests : IAsyncDisposable
{
    private const string Queue = PriorityQueues.Normal;

    private readonly FunctionsRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ResourceGovernor Governor => _rig.Services.GetRequiredService<ResourceGovernor>();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Delivery_WhileClosed_IsHeldUntilMemoryFalls()
    {
        Measure(0.95);
        var job = await _rig.EnqueueAsync();
        var delivering = _rig.Host.DeliverAsync(Queue);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(delivering.IsCompleted);

        Measure(0.5);
        await delivering.InTime();

        Assert.Null(_rig.Host.Thrown);
        Assert.Equal(JobState.Succeeded, await _rig.StateAsync(job));
        Assert.Equal((0, 0), (_rig.Messages(), Governor.Running));
    }

    [Fact]
    public async Task Delivery_HeldUntilItsTimeWouldRunOut_IsSentAgainWithADelay()
    {
        Measure(0.95);
        var job = await _rig.EnqueueAsync();
        var started = _rig.Now;
        var delivering = _rig.Host.DeliverAsync(Queue);
        // The function has 30 minutes, less the time to record, and the job may take one of them.
        _rig.Time.Advance(TimeSpan.FromMinutes(28));
        Assert.False(delivering.IsCompleted);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await delivering.InTime();

        Assert.Equal((1, JobState.Queued), (_rig.Messages(), await _rig.StateAsync(job)));
        Assert.InRange(
            _rig.Storage.Queue.NextVisibleAt(Queue)!.Value - started, new TimeSpan(0, 28, 45), new TimeSpan(0, 29, 10));
        Assert.Equal(0, Governor.Running);
        Measure(0.5);
        await _rig.RunUntilIdleAsync();
        Assert.Equal(JobState.Succeeded, await _rig.StateAsync(job));
    }

    [Fact]
    public async Task Delivery_HeldWhenTheHostStops_ReturnsTheMessageAtOnce()
    {
        Measure(0.95);
        var job = await _rig.EnqueueAsync();
        using var stopping = new CancellationTokenSource();
        var delivering = _rig.Host.DeliverAsync(Queue, stopping);
        await stopping.CancelAsync();
        await delivering.InTime();

        Assert.Equal((1, JobState.Queued), (_rig.Messages(), await _rig.StateAsync(job)));
        Assert.True(_rig.Storage.Queue.HasVisible(Queue));
    }

    [Fact]
    public async Task Delivery_OfForeignAndPackedMessagesHeldTooLong_LosesNone()
    {
        const string Foreign = """{ "type": "mail.send", "payload": { "to": "ada" } }""";
        Measure(0.95);
        var pack = await _rig.EnqueuePackAsync(3);
        await _rig.DropAsync(Foreign);
        var first = _rig.Host.DeliverAsync(Queue);
        var second = _rig.Host.DeliverAsync(Queue);
        _rig.Time.Advance(TimeSpan.FromMinutes(29));
        await first.InTime();
        await second.InTime();
        Assert.Equal(4, _rig.Messages());

        Measure(0.5);
        await _rig.RunUntilIdleAsync();

        Assert.All(
            await Task.WhenAll(pack.Append(_rig.IdOf(Foreign)).Select(_rig.StateAsync)), state => Assert.Equal(JobState.Succeeded, state));
        Assert.Empty(await _rig.LettersAsync());
    }

    [Fact]
    public async Task Ready_WhenClosedForAMinute_StatesTheReason()
    {
        Measure(0.95);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));

        var check = await CheckAsync();

        Assert.Equal(
            (HealthStatus.Unhealthy, "this instance starts no jobs: 95 % of its memory is used"), (check.Status, check.Description));
    }

    [Fact]
    public async Task Instances_OfEachState_AreListedWithTheRunningOnesFirst()
    {
        await using var dying = _rig.Dying();
        await BeatAsync(dying);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        Measure(0.95);
        await BeatAsync(_rig);
        await _rig.Instances.PutAsync(
            new() { Name = "old", Kind = "self-host", StartedAt = _rig.Now, LastHeartbeatAt = _rig.Now, StoppedAt = _rig.Now }, Token);

        var list = await AnswerAsync(request => Trigger<InstanceTriggers>().ListAsync(request, Token));

        var instances = list.Body.GetProperty("instances").EnumerateArray().ToList();
        Assert.Equal((StatusCodes.Status200OK, 3), (list.Status, list.Body.GetProperty("total").GetInt32()));
        Assert.Equal(["living", "stopped", "lost"], instances.Select(instance => instance.GetProperty("state").GetString()));
        Assert.Equal("closed", instances[0].GetProperty("governor").GetProperty("level").GetString());
        Assert.Equal(0, instances[0].GetProperty("governor").GetProperty("target").GetInt32());
        Assert.Equal(950_000, instances[0].GetProperty("memory").GetProperty("bytes").GetInt64());
    }

    private static Task BeatAsync(FunctionsRig rig) =>
        rig.Services.GetRequiredService<InstanceHeartbeat>().WriteAsync("functions", Token);

    private void Measure(double used)
    {
        _rig.Probe.Used = used;
        Governor.Measure();
    }

    private T Trigger<T>() => ActivatorUtilities.CreateInstance<T>(_rig.Services);

    /// <summary>The part of readiness that concerns memory.</summary>
    private async Task<HealthReportEntry> CheckAsync() => Assert.Single(
        (await _rig.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "resources", Token)).Entries)
        .Value;

    private async Task<(int Status, JsonElement Body)> AnswerAsync(Func<HttpRequest, Task<IResult>> call)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _rig.Services, Response = { Body = body } };
        await (await call(context.Request)).ExecuteAsync(context);
        return (context.Response.StatusCode, JsonElement.Parse(body.ToArray()));
    }
}
