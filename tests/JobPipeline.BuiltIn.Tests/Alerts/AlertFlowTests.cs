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

/// <summary>From failing jobs to the mail and webhook notifications, with the monitor as a host runs it, in virtual time.</summary>
public sealed class AlertFlowTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task DeadLetters_Growing_NotifyEveryReceiverAndAlsoOnResolution()
    {
        var answers = new Queue<int>([500, 200]);
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = answers.TryDequeue(out var status) ? status : 204;
            return Task.CompletedTask;
        });
        await using var server = await MailServer.StartAsync();
        await using var scene = new ReceiverScene(
            [
                .. ReceiverScene.Webhook(peer.Url()), .. ReceiverScene.Email(server.Port), Off("failure-rate"),
                Off("timer-silent"), Off("new-error-group"),
            ]);
        await using var monitor = await Monitor.StartAsync(scene);

        await FailAsync(scene, 4);
        await monitor.PassAsync(Interval);
        Assert.Empty(peer.Requests);
        await FailAsync(scene, 1);
        await monitor.PassAsync(Interval);

        // Rejected once with 500 and retried like any job; the mail is not sent a second time.
        Assert.Equal(["alert.firing", "alert.firing"], peer.Requests.Select(TypeOf));
        Assert.Equal("[warning] Dead letters are growing", Assert.Single(server.Mails).Subject);
        new StandardWebhook(ReceiverScene.Secret).Verify(
            peer.Requests[1].Body,
            new HeaderDictionary(
                peer.Requests[1].Headers.ToDictionary(
                    header => header.Key,
                    header => new Microsoft.Extensions.Primitives.StringValues(header.Value),
                    StringComparer.OrdinalIgnoreCase)));
        var data = DataOf(peer.Requests[1]);
        Assert.Equal(
            ("dead-letters-growing", 5.0, 5.0),
            (data.GetProperty("rule").GetString(), data.GetProperty("value").GetDouble(), data.GetProperty("threshold").GetDouble()));

        await monitor.PassAsync(TimeSpan.FromMinutes(25));

        Assert.Equal(["alert.firing", "alert.firing", "alert.resolved"], peer.Requests.Select(TypeOf));
        Assert.Equal(
            ["[warning] Dead letters are growing", "[resolved] Dead letters are growing"], server.Mails.Select(mail => mail.Subject));
        Assert.Equal(data.GetProperty("since").GetString(), DataOf(peer.Requests[2]).GetProperty("since").GetString());
        Assert.Empty((await scene.Harness.Services.GetRequiredService<IAlertStore>().ReadAsync(ReceiverScene.Token)).Alerts);
    }

    [Fact]
    public async Task Notifications_ThatCannotBeDelivered_RaiseNoAlerts()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        });
        // Every rule that failing notifications could trigger, with the lowest threshold.
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

        // The failure of the one job and its resolution are notified; the failed notifications themselves are not.
        string[] rules = ["dead-letters-growing", "failure-rate", "new-error-group"];
        Assert.Equal(
            rules.SelectMany(rule => new[] { $"alert.firing {rule}", $"alert.resolved {rule}" }),
            peer.Requests.Select(request => $"{TypeOf(request)} {DataOf(request).GetProperty("rule").GetString()}")
                .OrderBy(text => text.Split(' ')[1], StringComparer.Ordinal)
                .ThenBy(text => text, StringComparer.Ordinal));
        Assert.Equal(7, (await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Count);
    }

    [Fact]
    public async Task Monitor_Disabled_EvaluatesNothing()
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

    /// <summary>The monitor as the host runs it, one round at a time.</summary>
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

        /// <summary>Advances the time and processes everything that becomes due.</summary>
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

        /// <summary>Waits until the monitor has set its timer between two rounds, the only timer while no job runs.</summary>
        private async Task RestsAsync()
        {
            while (scene.Harness.Time.NextDue is null)
                await Task.Yield();
        }
    }
}
