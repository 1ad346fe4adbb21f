using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>The protection of the connection to a mail server.</summary>
public enum MailSecurity
{
    /// <summary>TLS by STARTTLS. Sending fails if the server does not support it.</summary>
    StartTls,

    /// <summary>TLS from the first byte, usually on port 465.</summary>
    Tls,

    /// <summary>No TLS.</summary>
    None,
}

/// <summary>An email receiver of alerts: its mailboxes and the mail server.</summary>
public sealed class AlertEmailOptions
{
    /// <summary>Gets or sets the host name or address of the mail server.</summary>
    public string? Host { get; set; }

    /// <summary>Gets or sets the port of the mail server. The default is 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>
    /// Gets or sets the connection security. The default is <see cref="MailSecurity.StartTls"/>, or <see cref="MailSecurity.None"/> if the
    /// server is this machine.
    /// </summary>
    public MailSecurity? Security { get; set; }

    /// <summary>Gets or sets the user to authenticate as. By default the client does not authenticate.</summary>
    public string? User { get; set; }

    /// <summary>Gets or sets the password of <see cref="User"/>. It is never logged.</summary>
    public string? Password { get; set; }

    /// <summary>Gets or sets the sender's address, such as <c>Pipeline &lt;pipeline@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Gets or sets the recipients' addresses.</summary>
    public IReadOnlyList<string> To { get; set; } = [];

    /// <inheritdoc cref="AlertWebhookOptions.LeastSevere"/>
    public int LeastSevere { get; set; } = 4;

    internal MailSecurity SecurityInForce => Security ?? (IsThisMachine ? MailSecurity.None : MailSecurity.StartTls);

    private bool IsThisMachine =>
        Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>Returns the validation errors by member. No message contains the password.</summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new ValidationResult("is not a host name or IP address.", [$"{path}:{nameof(Host)}"]);
        if (Port is < 1 or > 65535)
            yield return new ValidationResult("must be between 1 and 65535.", [$"{path}:{nameof(Port)}"]);
        if (User is null != Password is null)
            yield return new ValidationResult("requires Password, and Password requires User; set both.", [$"{path}:{nameof(User)}"]);
        if (Password is not null && SecurityInForce == MailSecurity.None && !IsThisMachine)
        {
            yield return new ValidationResult(
                "may be None only without a Password or if the server is this machine, because the password would be sent unencrypted.",
                [$"{path}:{nameof(Security)}"]);
        }

        if (!IsMailbox(From))
            yield return new ValidationResult("must be an email address, such as pipeline@example.com.", [$"{path}:{nameof(From)}"]);
        if (To.Count == 0 || !To.All(IsMailbox))
        {
            yield return new ValidationResult(
                "must contain one or more email addresses, such as ops@example.com.", [$"{path}:{nameof(To)}"]);
        }


        if (LeastSevere is < 0 or > 4)
            yield return new ValidationResult("must be between 0 and 4.", [$"{path}:{nameof(LeastSevere)}"]);
    }

    private static bool IsMailbox(string? text) =>
        MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.IndexOf('@', StringComparison.Ordinal) > 0;
}
