using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Sends a notice by mail.</summary>
[Job(AlertJobs.Email, MaxAttempts = 12, Timeout = "00:01:00", Queue = "jobs-high", BackoffBase = "00:00:05", BackoffCap = "00:10:00")]
internal sealed class AlertEmailJob(ConfiguredReceivers receivers, MailTrust trust) : IJobHandler<AlertDelivery>
{
    public async Task<JobOutcome> HandleAsync(AlertDelivery delivery, JobContext context, CancellationToken cancellationToken)
    {
        var email = receivers.Email(delivery.Receiver);
        try
        {
            using var client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = trust.Callback };
            await client.ConnectAsync(email.Host!, email.Port, OptionsOf(email.SecurityInForce), cancellationToken);
            if (email.User is not null)
                await client.AuthenticateAsync(email.User, email.Password!, cancellationToken);
            await client.SendAsync(AlertMail.Of(delivery.Notice, email), cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return JobOutcome.Success();
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw InWords(e, delivery.Receiver, email);
        }
    }

    private static SecureSocketOptions OptionsOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>
    /// What the server refuses for good (RFC 5321: 5xx for a mailbox or the mail) ends the job; what may pass is tried again,
    /// a wrong password too: it is mended in the configuration, and the notice is still worth having then.
    /// </summary>
    private static Exception InWords(Exception error, string receiver, AlertEmailOptions email)
    {
        var server = $"The mail server {email.Host}:{email.Port} of receiver '{receiver}'";
        var said = new SecretValues([email.Password]).Scrub(error.Message);
        return error switch
        {
            AuthenticationException => new InvalidOperationException($"{server} did not accept user '{email.User}' and the configured password: {said}"),
            SslHandshakeException => new InvalidOperationException($"{server} could not be talked to by TLS: its certificate is not trusted, or it speaks none. See {AlertReceiverOptions.Section}:{nameof(AlertReceiverOptions.Emails)}:{receiver}:{nameof(AlertEmailOptions.Security)}."),
            SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.SenderNotAccepted or SmtpErrorCode.MessageNotAccepted } refused when (int)refused.StatusCode >= 500 =>
                new JobRejectedException($"{server} refused {(refused.Mailbox is { } mailbox ? $"the address {mailbox.Address}" : "the mail")}: {(int)refused.StatusCode} {said}"),
            ServiceNotAuthenticatedException => new JobRejectedException($"{server} wants a user and a password: {said}"),
            NotSupportedException => new JobRejectedException($"{server} lacks what the configuration asks for: {said}"),
            OperationCanceledException or TimeoutException => new TimeoutException($"{server} did not answer in time."),
            _ => new InvalidOperationException($"{server} could not be used: {error.GetType().Name}: {said}"),
        };
    }
}
