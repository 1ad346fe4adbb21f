using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>TLS after STARTTLS, without which nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte, usually on port 465.</summary>
    Tls,

    /// <summary>None.</summary>
    None,
}

/// <summary>Mailboxes that notices are sent to, and the server that takes the mail.</summary>
public sealed class AlertEmailOptions
{
    /// <summary>The mail server.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Default: <see cref="MailSecurity.StartTls"/>, but <see cref="MailSecurity.None"/> where the server is this machine.</summary>
    public MailSecurity? Security { get; set; }

    /// <summary>Default: without signing in.</summary>
    public string? User { get; set; }

    /// <summary>For <see cref="User"/>; it is never logged.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address, such as <c>Pipeline &lt;pipeline@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>The mailboxes.</summary>
    public IReadOnlyList<string> To { get; set; } = [];

    /// <inheritdoc cref="AlertWebhookOptions.LeastSevere"/>
    public int LeastSevere { get; set; } = 4;

    internal MailSecurity SecurityInForce => Security ?? (IsThisMachine ? MailSecurity.None : MailSecurity.StartTls);

    private bool IsThisMachine => Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>What is wrong, by the member; no message quotes the password.</summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new ValidationResult("is no host name or address.", [$"{path}:{nameof(Host)}"]);
        if (Port is < 1 or > 65535)
            yield return new ValidationResult("must lie between 1 and 65535.", [$"{path}:{nameof(Port)}"]);
        if (User is null != Password is null)
            yield return new ValidationResult("User and Password go together.", [$"{path}:{nameof(User)}"]);
        if (Password is not null && SecurityInForce == MailSecurity.None && !IsThisMachine)
            yield return new ValidationResult("may be None only without a Password, or where the server is this machine: it would cross the network in clear.", [$"{path}:{nameof(Security)}"]);
        if (!IsMailbox(From))
            yield return new ValidationResult("is no address such as pipeline@example.com.", [$"{path}:{nameof(From)}"]);
        if (To.Count == 0 || !To.All(IsMailbox))
            yield return new ValidationResult("needs at least one address, each such as ops@example.com.", [$"{path}:{nameof(To)}"]);
        if (LeastSevere is < 0 or > 4)
            yield return new ValidationResult("must lie between 0 and 4.", [$"{path}:{nameof(LeastSevere)}"]);
    }

    private static bool IsMailbox(string? text) => MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.IndexOf('@', StringComparison.Ordinal) > 0;
}
