using JobPipeline.Alerts.Notices;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>The receivers of the configuration.</summary>
internal sealed class ConfiguredReceivers(IOptions<AlertReceiverOptions> options) : IAlertReceivers
{
    public IReadOnlyList<AlertReceiver> All { get; } =
    [
        .. options.Value.Webhooks.Select(webhook => new AlertReceiver(webhook.Key, AlertJobs.Webhook, webhook.Value.LeastSevere)),
        .. options.Value.Emails.Select(email => new AlertReceiver(email.Key, AlertJobs.Email, email.Value.LeastSevere)),
    ];

    /// <exception cref="JobRejectedException">The receiver is not, or is no longer, configured.</exception>
    public AlertWebhookOptions Webhook(string name) =>
        options.Value.Webhooks.GetValueOrDefault(name) ?? throw Unknown(nameof(AlertReceiverOptions.Webhooks), name);

    /// <inheritdoc cref="Webhook"/>
    public AlertEmailOptions Email(string name) =>
        options.Value.Emails.GetValueOrDefault(name) ?? throw Unknown(nameof(AlertReceiverOptions.Emails), name);

    private static JobRejectedException Unknown(string kind, string name) =>
        new($"Receiver '{name}' is not configured in {AlertReceiverOptions.Section}:{kind}.");
}
