using System.Text.Json;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.BuiltIn.Tests.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StandardWebhooks;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>From jobs that fail to the mail and the webhook that tell of it, with the monitor as a host runs it, in virtual time.</summary>
public sealed class AlertFlowTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task DeadLetters_ThatGrow_AreToldToEveryReceiverAndTheirEndToo()
    {
        var answers = new Queue<int>([500, 200]);
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = answers.TryDequeue(out var status) ? status : 204;
            return Task.CompletedTask;
        });
        await using var server = await MailServer.StartAsync();
        await using var scene = new ReceiverScene([.. ReceiverScene.Webhook(peer.Url()), .. ReceiverScene.Email(server.Port), Off("failure-rate"), Off("timer-silent"), Off("new-error-group")]);
        await using var monitor = await Monitor.StartAsync(scene);

        await FailAsync(scene, 4);
        await monitor.PassAsync(Interval);
        Assert.Empty(peer.Requests);
        await FailAsync(scene, 1);
        await monitor.PassAsync(Interval);

        // Refused once with 500, and sent again by the pipeline as any job is; the mail is not sent twice for that.
        Assert.Equal(["alert.firing", "alert.firing"], peer.Requests.Select(TypeOf));
        Assert.Equal("[warning] Dead letters are growing", Assert.Single(server.Mails).Subject);
        new StandardWebhook(ReceiverScene.Secret).Verify(
            peer.Requests[1].Body, new HeaderDictionary(peer.Requests[1].Headers.ToDictionary(header => header.Key, header => new Microsoft.Extensions.Primitives.StringValues(header.Value), StringComparer.OrdinalIgnoreCase)));
        var data = DataOf(peer.Requests[1]);
        Assert.Equal(("dead-letters-growing", 5.0, 5.0), (data.GetProperty("rule").GetString(), data.GetProperty("value").GetDouble(), data.GetProperty("threshold").GetDouble()));

        await monitor.PassAsync(TimeSpan.FromMinutes(25));

        Assert.Equal(["alert.firing", "alert.firing", "alert.resolved"], peer.Requests.Select(TypeOf));
        Assert.Equal(["[warning] Dead letters are growing", "[over] Dead letters are growing"], server.Mails.Select(mail => mail.Subject));
        Assert.Equal(data.GetProperty("since").GetString(), DataOf(peer.Requests[2]).GetProperty("since").GetString());
        Assert.Empty((await scene.Harness.Services.GetRequiredService<IAlertStore>().ReadAsync(ReceiverScene.Token)).Alerts);
    }

    [Fact]
    public async Task Notices_ThatCanNeverBeDelivered_MakeNoAlertsOfTheirOwn()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        });
        // Every rule that failing notices could make true, made as touchy as it gets.
        await using var scene = new ReceiverScene(
        [
            .. ReceiverScene.Webhook(peer.Url()),
            Off("timer-silent"),
            ("Rules:dead-letters-growing:Threshold", "1"),
            ("Rules:failure-rate:Minimum", "1"),
            ("Rules:failure-rate:Threshold", "0.001"),
            ("Rules:failure-rate:For", "00:00:00"),
        ]);
        await using var monitor = await Monitor.StartAsync(scene);

        await FailAsync(scene, 1);
        await monitor.PassAsync(TimeSpan.FromHours(2));

        // What the one job did is told and its end is told; that none of these notices arrives is told to nobody.
        string[] rules = ["dead-letters-growing", "failure-rate", "new-error-group"];
        Assert.Equal(
            rules.SelectMany(rule => new[] { $"alert.firing {rule}", $"alert.resolved {rule}" }),
            peer.Requests.Select(request => $"{TypeOf(request)} {DataOf(request).GetProperty("rule").GetString()}").OrderBy(told => told.Split(' ')[1], StringComparer.Ordinal).ThenBy(told => told, StringComparer.Ordinal));
        Assert.Equal(7, (await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Count);
    }

    [Fact]
    public async Task Monitor_ThatIsSwitchedOff_EvaluatesNothing()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new ReceiverScene([.. ReceiverScene.Webhook(peer.Url()), ("Enabled", "false")]);
        var monitor = scene.Harness.Services.GetServices<IHostedService>().OfType<AlertMonitor>().Single();
        await monitor.StartAsync(ReceiverScene.Token);
        await monitor.ExecuteTask!.WaitAsync(ReceiverScene.Token);

        await FailAsync(scene, 10);
        scene.Harness.Time.Advance(TimeSpan.FromHours(1));
        await scene.Harness.RunUntilIdleAsync(ReceiverScene.Token);

        Assert.Empty(peer.Requests);
        Assert.Equal(AlertEvaluator.Nobody, scene.Harness.Services.GetRequiredService<AlertOverview>().Evaluator);
    }

    private static (string, string?) Off(string rule) => ($"Rules:{rule}:Enabled", "false");

    private static async Task FailAsync(ReceiverScene scene, int jobs)
    {
        for (var i = 0; i < jobs; i++)
            await scene.Harness.EnqueueAsync(HopelessJob.Type, "this", ReceiverScene.Token);
        await scene.Harness.RunUntilIdleAsync(ReceiverScene.Token);
        await scene.Harness.Services.GetRequiredService<ErrorCounter>().FlushAsync();
    }

    private static string TypeOf(SeenRequest request) => JsonElement.Parse(request.Body).GetProperty("type").GetString()!;

    private static JsonElement DataOf(SeenRequest request) => JsonElement.Parse(request.Body).GetProperty("data");

    /// <summary>The monitor as the host runs it, a round at a time.</summary>
    private sealed class Monitor(ReceiverScene scene, AlertMonitor monitor) : IAsyncDisposable
    {
        public static async Task<Monitor> StartAsync(ReceiverScene scene)
        {
            var monitor = scene.Harness.Services.GetServices<IHostedService>().OfType<AlertMonitor>().Single();
            await monitor.StartAsync(ReceiverScene.Token);
            var running = new Monitor(scene, monitor);
            await running.RestsAsync();
            return running;
        }

        /// <summary>Lets time pass, and works off all that this makes.</summary>
        public async Task PassAsync(TimeSpan time)
        {
            for (var passed = TimeSpan.Zero; passed < time; passed += Interval)
            {
                scene.Harness.Time.Advance(Interval);
                await RestsAsync();
                await scene.Harness.RunUntilIdleAsync(ReceiverScene.Token);
                await scene.Harness.Services.GetRequiredService<ErrorCounter>().FlushAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await monitor.StopAsync(CancellationToken.None);
            monitor.Dispose();
        }

        /// <summary>Between two rounds it has set its timer: the only one while no job runs.</summary>
        private async Task RestsAsync()
        {
            while (scene.Harness.Time.NextDue is null)
                await Task.Yield();
        }
    }
}
