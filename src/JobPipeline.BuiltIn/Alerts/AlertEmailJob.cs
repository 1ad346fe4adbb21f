using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Sends an alert notification by email.</summary>
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
            throw Translate(e, delivery.Receiver, email);
        }
    }

    private static SecureSocketOptions OptionsOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>
    /// Translates a mail error. A permanent refusal of the mailbox or the mail (5xx in RFC 5321) rejects the job; everything else
    /// is retried. Wrong credentials are retried too, because the configuration can be fixed while the notification is still
    /// useful.
    /// </summary>
    private static Exception Translate(Exception error, string receiver, AlertEmailOptions email)
    {
        var server = $"The mail server {email.Host}:{email.Port} of receiver '{receiver}'";
        var details = new SecretValues([email.Password]).Scrub(error.Message);
        return error switch
        {
            AuthenticationException => new InvalidOperationException(
                $"{server} rejected user '{email.User}' with the configured password: {details}"),
            SslHandshakeException => new InvalidOperationException(
                $"{server} failed the TLS handshake: its certificate is not trusted, or it does not support TLS. See "
                + $"{AlertReceiverOptions.Section}:{nameof(AlertReceiverOptions.Emails)}:{receiver}:{nameof(AlertEmailOptions.Security)}."),
            SmtpCommandException
            {
                ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.SenderNotAccepted or SmtpErrorCode.MessageNotAccepted,
            } refused when (int)refused.StatusCode >= 500 => new JobRejectedException(
                $"{server} refused {(refused.Mailbox is { } mailbox ? $"the address {mailbox.Address}" : "the mail")}: "
                + $"{(int)refused.StatusCode} {details}"),
            ServiceNotAuthenticatedException => new JobRejectedException($"{server} requires a user and a password: {details}"),
            NotSupportedException => new JobRejectedException($"{server} does not support the configured options: {details}"),
            OperationCanceledException or TimeoutException => new TimeoutException($"{server} did not answer in time."),
            _ => new InvalidOperationException($"{server} failed: {error.GetType().Name}: {details}"),
        };
    }
}
