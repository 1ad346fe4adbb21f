using JobPipeline.Alerts;
using JobPipeline.Alerts.Notices;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of the notices that several instances on one storage send, each with its own measurements.</summary>
public sealed class AlertWatchTests
{
    [Fact]
    public async Task Round_OfTwoInstancesWithTheSameValues_NotifiesOnce()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await using var b = scene.New();
        a.Metrics.Overdue(1);
        b.Metrics.Overdue(1);

        await a.RoundAsync();
        await b.RoundAsync();
        await a.RoundAsync();

        var alert = Assert.Single((await scene.BoardAsync()).Alerts);
        Assert.Equal([a.Name, b.Name], alert.Witnesses);
        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing)], await scene.ToldAsync());
    }

    [Fact]
    public async Task Round_WhenTheWitnessIsGone_ResolvesAfterTheGracePeriod()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await using var b = scene.New();
        a.Metrics.Overdue(1);
        await a.RoundAsync();
        await a.MarkStoppedAsync();

        await b.RoundAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(59));
        await b.RoundAsync();
        var told = await scene.ToldAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await b.RoundAsync();

        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing)], told);
        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing), ("jobs-overdue", AlertNotificationKind.Resolved)],
            await scene.ToldAsync());
        Assert.Empty((await scene.BoardAsync()).Alerts);
    }

    [Fact]
    public async Task Round_AfterARestart_SendsNoNoticeTwice()
    {
        await using var scene = new AlertScene();
        await using (var before = scene.New())
        {
            before.Metrics.Overdue(1);
            await before.RoundAsync();
            await before.MarkStoppedAsync();
        }

        await using var after = scene.New();
        after.Metrics.Overdue(1);
        await after.RoundAsync();
        scene.Time.Advance(TimeSpan.FromMinutes(15));
        await after.RoundAsync();
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        await after.RoundAsync();

        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing), ("jobs-overdue", AlertNotificationKind.Resolved)],
            await scene.ToldAsync());
    }

    [Fact]
    public async Task Round_ThatCrashesBeforeTheNoticeIsSent_LeavesItToTheNextRound()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await using var b = scene.New();
        a.Metrics.Overdue(1);
        scene.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(a.RoundAsync);
        Assert.NotNull(Assert.Single((await scene.BoardAsync()).Alerts).Unsent);
        scene.Storage.FailsBefore = _ => false;

        await b.RoundAsync();
        await a.RoundAsync();

        Assert.Null(Assert.Single((await scene.BoardAsync()).Alerts).Unsent);
        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing)], await scene.ToldAsync());
    }

    [Fact]
    public async Task Round_WithOneNoticeThatCannotBeSent_SendsTheOthers()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        a.Metrics.Overdue(1);
        a.Metrics.InstanceLost("self-host");
        var sends = 0;
        scene.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal) && sends++ == 0;

        await Assert.ThrowsAsync<AggregateException>(a.RoundAsync);
        var told = await scene.ToldAsync();
        await a.RoundAsync();

        Assert.Single(told);
        Assert.Equal(
            ["instance-lost", "jobs-overdue"],
            (await scene.ToldAsync()).Select(notice => notice.Rule).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Round_OfTwoInstancesThatSendTheSameNotice_CreatesOneJobPerReceiver()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await using var b = scene.New();
        a.Metrics.Overdue(1);
        await a.RoundAsync();
        // As after a crash between enqueuing the notice's jobs and writing the row.
        var alert = Assert.Single((await scene.BoardAsync()).Alerts);
        var notice = (await scene.NoticesAsync()).Single();
        await scene.Storage.Alerts.TryWriteAsync(alert with { Unsent = notice }, CancellationToken.None);

        await b.RoundAsync();

        Assert.Equal(notice, (await scene.NoticesAsync()).Single());
        Assert.Null(Assert.Single((await scene.BoardAsync()).Alerts).Unsent);
    }

    [Fact]
    public async Task Round_WhileSilenced_FiresAndNotifiesAfterwards()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await a.Silences.SilenceAsync("jobs-overdue", TimeSpan.FromMinutes(10), "ada", "we know", CancellationToken.None);
        a.Metrics.Overdue(1);
        await a.RoundAsync();
        var standing = (await a.Overview.FindAsync("jobs-overdue", CancellationToken.None))!;
        var told = await scene.ToldAsync();

        scene.Time.Advance(TimeSpan.FromMinutes(10));
        await a.RoundAsync();

        Assert.Equal((AlertState.Firing, "we know"), (standing.State, standing.Silence!.Reason));
        Assert.Empty(told);
        Assert.Equal([("jobs-overdue", AlertNotificationKind.Firing)], await scene.ToldAsync());
        Assert.Null((await a.Overview.FindAsync("jobs-overdue", CancellationToken.None))!.Silence);
        Assert.Contains(a.Pipeline.Log.Entries, entry => entry.Event.Id == 1703 && entry.Text.Contains("ada", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Round_OfARuleByAttribute_HasAnAlertForEachValue()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        var ages = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["jobs"] = 1_000,
            ["jobs-low"] = 2_000,
            ["jobs-high"] = 1,
        };
        a.Metrics.Meter.CreateObservableGauge("jobpipeline.queue.oldest_age", () =>
            ages.Select(age => new System.Diagnostics.Metrics.Measurement<double>(
                age.Value,
                new KeyValuePair<string, object?>("messaging.destination.name", age.Key))));
        await a.RoundAsync();
        var pending = (await a.Overview.FindAsync("oldest-job-waits", CancellationToken.None))!;
        for (var i = 0; i < 20; i++)
        {
            scene.Time.Advance(TimeSpan.FromSeconds(15));
            await a.RoundAsync();
        }

        var firing = (await a.Overview.FindAsync("oldest-job-waits", CancellationToken.None))!;

        Assert.Equal((AlertState.Pending, AlertState.Firing), (pending.State, firing.State));
        Assert.Equal(
            [("jobs", AlertState.Firing, 1_000.0), ("jobs-high", AlertState.Inactive, 1.0), ("jobs-low", AlertState.Firing, 2_000.0)],
            firing.Alerts.Select(alert => (alert.AttributeValue!, alert.State, alert.Value!.Value)));
        Assert.Equal(
            ["jobs", "jobs-low"],
            (await scene.NoticesAsync()).Select(notice => notice.AttributeValue!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Round_WithoutReceivers_LogsThatNoneIsConfigured()
    {
        await using var scene = new AlertScene();
        await using var a = scene.NewWithoutReceivers();
        a.Metrics.Overdue(1);

        await a.RoundAsync();

        Assert.Contains(a.Pipeline.Log.Entries, entry => entry.Event.Id == 1708);
        Assert.Empty(await scene.ToldAsync());
    }

    [Fact]
    public async Task Round_WithReceiversOfSevereAlerts_SendsThemNoOthers()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New(
            new AlertReceiver("pager", TellJob.Type, LeastSevere: 1),
            new AlertReceiver("chat", TellJob.Type, LeastSevere: 2));
        a.Metrics.Overdue(1);

        await a.RoundAsync();

        Assert.Equal(["chat"], (await scene.DeliveriesAsync()).Select(delivery => delivery.Receiver));
    }

    [Fact]
    public async Task Round_WithoutAlerts_CostsOneQueryAndNoWrite()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New();
        await a.RoundAsync();
        scene.Storage.Calls.Clear();

        await a.RoundAsync();

        Assert.Empty(scene.Storage.Calls);
        Assert.Empty((await scene.BoardAsync()).Alerts);
    }

    [Fact]
    public async Task Test_WithSeveralReceivers_EnqueuesOneJobForEach()
    {
        await using var scene = new AlertScene();
        await using var a = scene.New(new AlertReceiver("pager", TellJob.Type, LeastSevere: 0), new AlertReceiver("chat", TellJob.Type));

        var jobs = await a.Notices.TestAsync("ada", CancellationToken.None);
        await a.Notices.TestAsync("ada", CancellationToken.None);

        Assert.Equal(["pager", "chat"], jobs.Select(job => job.Receiver.Name));
        Assert.Equal(4, (await scene.DeliveriesAsync()).Count);
        Assert.All((await scene.DeliveriesAsync()), delivery => Assert.Equal(AlertNotificationKind.Test, delivery.Notice.Kind));
    }
}
