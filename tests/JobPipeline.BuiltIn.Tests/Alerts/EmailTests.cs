using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Tests.Web;
using JobPipeline.Jobs;
using MimeKit;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>Email notifications to a real server.</summary>
public sealed class EmailTests
{
    [Fact]
    public async Task Notification_AtTheServer_IsAShortMailThatStartsWithTheRemedy()
    {
        await using var server = await MailServer.StartAsync();
        await using var scene = new ReceiverScene(ReceiverScene.Email(server.Port));

        var id = await scene.NotifyAsync(AlertJobs.Email, "ops");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        var mail = Assert.Single(server.Mails);
        Assert.Equal("[warning] The oldest due job waits too long (jobs-low)", mail.Subject);
        Assert.Equal("pipeline@example.com", mail.From.Mailboxes.Single().Address);
        Assert.Equal(["ada@example.com", "bob@example.com"], mail.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal(("msg_2b1f@example.com", "auto-generated"), (mail.MessageId, mail.Headers["Auto-Submitted"]));
        Assert.Equal(
            """
            What to do: docs/operations.md#the-oldest-job-waits-too-long

            Alert:     oldest-job-waits (jobs-low)
            Value:     1234.5 (alerts when >= 900)
            Metric:    jobpipeline.queue.oldest_age, over 00:05:00
            Started:   2026-11-24 09:00:00 UTC
            Notified:  2026-11-24 09:00:15 UTC
            Instance:  box:7:beef
            """,
            TextOf(mail));
    }

    [Theory]
    [InlineData(AlertNotificationKind.Resolved, "[resolved] The oldest due job waits too long (jobs-low)", "The alert is resolved.")]
    [InlineData(AlertNotificationKind.Test, "[test] The oldest due job waits too long", "Nothing happened. This is a test notification.")]
    public async Task Notification_OfEachKind_StatesTheKind(AlertNotificationKind kind, string subject, string beginning)
    {
        await using var server = await MailServer.StartAsync();
        await using var scene = new ReceiverScene(ReceiverScene.Email(server.Port));

        await scene.NotifyAsync(AlertJobs.Email, "ops", ReceiverScene.Notice with { Kind = kind });

        var mail = Assert.Single(server.Mails);
        Assert.Equal(subject, mail.Subject);
        Assert.StartsWith(beginning, TextOf(mail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_OverStartTlsWithAPassword_ArrivesWithoutLeakingSecrets()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("localhost");
        await using var server = await MailServer.StartAsync("s3cr3t-pass", certificate);
        await using var scene = new ReceiverScene(
            authority.Certificate,
            null,
            ReceiverScene.Email(
                server.Port, ("Host", "localhost"), ("Security", "StartTls"), ("User", "pipeline"), ("Password", "s3cr3t-pass")));

        var id = await scene.NotifyAsync(AlertJobs.Email, "ops");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        Assert.Single(server.Mails);
        Assert.Equal(1, server.SignIns);
        Assert.DoesNotContain("s3cr3t-pass", scene.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_ToAServerWithAnUntrustedCertificate_IsNotSent()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        using var certificate = other.Issue("localhost");
        await using var server = await MailServer.StartAsync("s3cr3t-pass", certificate);
        await using var scene = new ReceiverScene(
            authority.Certificate,
            null,
            ReceiverScene.Email(
                server.Port, ("Host", "localhost"), ("Security", "StartTls"), ("User", "pipeline"), ("Password", "s3cr3t-pass")));

        await scene.NotifyAsync(AlertJobs.Email, "ops");

        Assert.Contains(
            "its certificate is not trusted",
            Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Errors[0].Message,
            StringComparison.Ordinal);
        Assert.Equal(0, server.SignIns);
    }

    [Fact]
    public async Task Notification_ToAServerWithoutTls_IsNotSentInClearText()
    {
        await using var server = await MailServer.StartAsync();
        await using var scene = new ReceiverScene(ReceiverScene.Email(server.Port, ("Security", "StartTls")));

        await scene.NotifyAsync(AlertJobs.Email, "ops");

        Assert.Empty(server.Mails);
        Assert.Contains(
            "does not support the configured options",
            Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_WithAWrongPassword_IsRetriedAndFailsWithAClearError()
    {
        await using var server = await MailServer.StartAsync("right-password");
        await using var scene = new ReceiverScene(ReceiverScene.Email(server.Port, ("User", "pipeline"), ("Password", "wr0ng-password")));

        var id = await scene.NotifyAsync(AlertJobs.Email, "ops");

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        Assert.Equal(JobState.DeadLettered, await scene.StateAsync(id));
        Assert.Equal(12, deadLetter.Errors.Count);
        Assert.Contains(
            "of receiver 'ops' rejected user 'pipeline' with the configured password",
            deadLetter.Errors[^1].Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "wr0ng-password", $"{string.Join(' ', deadLetter.Errors)}{deadLetter.Detail}{scene.Log.Text}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_ToAnUnknownMailbox_IsDeadLetteredAtOnce()
    {
        await using var server = await MailServer.StartAsync(refused: "bob@example.com");
        await using var scene = new ReceiverScene(ReceiverScene.Email(server.Port));

        await scene.NotifyAsync(AlertJobs.Email, "ops");

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        Assert.Contains("refused the address bob@example.com: 550", deadLetter.Detail, StringComparison.Ordinal);
        Assert.Single(deadLetter.Errors);
    }

    [Fact]
    public async Task Notification_ToAnUnavailableServer_IsRetried()
    {
        int port;
        await using (var server = await MailServer.StartAsync())
            port = server.Port;
        await using var scene = new ReceiverScene(ReceiverScene.Email(port));

        await scene.NotifyAsync(AlertJobs.Email, "ops");

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        Assert.Equal(12, deadLetter.Errors.Count);
        Assert.Contains(" failed: ", deadLetter.Errors[0].Message, StringComparison.Ordinal);
    }

    private static string TextOf(MimeMessage mail) => mail.TextBody!.ReplaceLineEndings("\n").TrimEnd();
}
