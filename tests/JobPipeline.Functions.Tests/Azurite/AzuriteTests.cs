using System.Text;
using System.Text.Json;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Functions.Http;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Azurite;

/// <summary>The triggers on real queues and tables.</summary>
[Slow]
public sealed class AzuriteTests(SharedAzurite azurite)
{
    private static readonly string Poison = PriorityQueues.PoisonOf(PriorityQueues.Normal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_OfAForeignMessage_IsRetriedUntilItSucceeds()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        rig.Script.Act = static (context, _) => context.Attempt < 3
            ? throw new IOException("scripted")
            : Task.FromResult(JobOutcome.Success());
        await rig.Queue.SendAsync(
            PriorityQueues.Normal, """{ "type": "mail.send", "payload": { "to": "ada" } }"""u8.ToArray(), TimeSpan.Zero, Token);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        var id = Assert.Single(rig.Host.Deliveries).DerivedId;
        await rig.RunUntilAsync(id, JobState.Succeeded);
        Assert.Equal([(id, 1), (id, 2), (id, 3)], rig.Script.Starts);
    }

    [Fact]
    public async Task Pack_OfManyJobs_RunsEachOnce()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        var results = await rig.Client.EnqueueManyAsync(
            [.. Enumerable.Range(0, 60).Select(_ => new JobRequest { Type = QuickJob.Type })], Token);
        await rig.Host.DeliverAsync(PriorityQueues.Normal);
        foreach (var result in results)
            await rig.RunUntilAsync(result.Id, JobState.Succeeded);
        Assert.Equal(results.Select(result => result.Id).Order(), rig.Script.Starts.Select(start => start.Job).Order());
    }

    [Fact]
    public async Task Stop_DuringAJob_ReleasesTheAttempt()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        var started = new TaskCompletionSource();
        rig.Script.Act = async (_, cancellationToken) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return JobOutcome.Success();
        };
        var id = (await rig.Client.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 }, Token)).Id;
        using var stopping = new CancellationTokenSource();
        var run = rig.Host.DeliverAsync(PriorityQueues.Normal, stopping);
        await started.Task.InTime();
        await stopping.CancelAsync();
        await run.InTime();
        Assert.Null(rig.Host.Thrown);

        rig.Script.Returns(JobOutcome.Success());
        await rig.RunUntilAsync(id, JobState.Succeeded);
        Assert.Equal([(id, 1), (id, 1)], rig.Script.Starts);
    }

    [Fact]
    public async Task Drain_OfPoisonMessages_ReadsTheRecord()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        var ended = (await rig.Client.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type }, Token)).Id;
        await rig.RunUntilAsync(ended, JobState.Succeeded);
        var waiting = (await rig.Client.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type }, Token)).Id;
        foreach (var id in (JobId[])[ended, waiting])
            await rig.Queue.SendAsync(
                Poison, JobMessageWriter.Write(id, 1, (await rig.Client.GetAsync(id, Token)).Record!.Spec), TimeSpan.Zero, Token);
        await rig.Queue.SendAsync(Poison, "nobody's"u8.ToArray(), TimeSpan.Zero, Token);
        for (var i = 0; i < 3; i++)
            Assert.True(await rig.Host.DeliverAsync(Poison));

        Assert.Equal((JobState.Succeeded, JobState.Queued), (await rig.StateAsync(ended), await rig.StateAsync(waiting)));
        Assert.Equal(
            DeadLetterReason.Unreadable,
            Assert.Single((await rig.DeadLetters.ListAsync(new DeadLetterFilter(), null, 10, Token)).DeadLetters).Reason);
        await rig.RunUntilAsync(waiting, JobState.Succeeded);
        Assert.Equal(2, rig.Script.Starts.Count);
    }

    [Fact]
    public async Task Http_OfASubmission_RespondsLikeTheSelfHost()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        var jobs = ActivatorUtilities.CreateInstance<JobTriggers>(rig.Services);
        var (status, body) = await AnswerAsync(rig, request => jobs.SubmitAsync(request, ScriptedJob.Type, Token), """{ "to": "ada" }""");
        Assert.Equal(StatusCodes.Status202Accepted, status);
        var id = JobId.Parse(body.GetProperty("id").GetString()!);
        await rig.RunUntilAsync(id, JobState.Succeeded);
        (status, body) = await AnswerAsync(rig, request => jobs.GetAsync(request, id.ToString(), Token));
        Assert.Equal((StatusCodes.Status200OK, "succeeded"), (status, body.GetProperty("state").GetString()));
        (status, _) = await AnswerAsync(rig, request => jobs.GetAsync(request, "nonsense", Token));
        Assert.Equal(StatusCodes.Status404NotFound, status);
    }

    [Fact]
    public async Task Health_OfTheApp_IsLiveAndReady()
    {
        await using var rig = await AzuriteRig.StartAsync(azurite);
        var health = ActivatorUtilities.CreateInstance<HealthTriggers>(rig.Services);
        Assert.Equal(StatusCodes.Status200OK, (await AnswerAsync(rig, request => Task.FromResult(HealthTriggers.Live(request)))).Status);
        var (status, body) = await AnswerAsync(rig, request => health.ReadyAsync(request, Token));
        Assert.Equal((StatusCodes.Status200OK, "healthy"), (status, body.GetProperty("checks").GetProperty("storage").GetString()));
    }

    private static async Task<(int Status, JsonElement Body)> AnswerAsync(
        AzuriteRig rig, Func<HttpRequest, Task<IResult>> call, string? json = null)
    {
        var context = new DefaultHttpContext { RequestServices = rig.Services };
        var answer = context.Response.Body = new MemoryStream();
        if (json is not null)
        {
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(json));
            context.Request.ContentType = "application/json";
        }

        await (await call(context.Request)).ExecuteAsync(context);
        answer.Position = 0;
        return (context.Response.StatusCode, (await JsonDocument.ParseAsync(answer, cancellationToken: Token)).RootElement);
    }
}
