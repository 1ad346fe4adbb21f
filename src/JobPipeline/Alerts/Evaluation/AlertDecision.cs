using System.Security.Cryptography;
using System.Text;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// Decides the next state of an alert from the condition on one instance. It fires while the condition holds on any live instance.
/// Its state and the state that receivers know are separate: unless a silence is active, they are reconciled by one notification at a
/// time.
/// </summary>
internal static class AlertDecision
{
    /// <summary>Returns the next state of the alert.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="key">The value of the rule's attribute; null if it has none.</param>
    /// <param name="before">The stored alert; null if there is none.</param>
    /// <param name="mine">The condition on the instance that decides.</param>
    /// <param name="silence">The silence; null if there is none. An expired silence has no effect.</param>
    /// <param name="context">The deciding instance and the time.</param>
    /// <returns>The next state; null if no alert is stored and none needs to be.</returns>
    public static Alert? Next(
        AlertRule rule, string? key, Alert? before, AlertCondition mine, AlertSilence? silence, AlertContext context)
    {
        if (before is null && !mine.Holds)
            return null;
        var alert = Witnessed(rule, before ?? new Alert { Rule = rule.Name, AttributeValue = key }, mine, context);
        var isSilenced = silence?.Until > context.Now;
        if (alert.Unsent is not null || isSilenced || (alert.FiringSince is null) == (alert.AnnouncedSince is null))
            return alert;
        return alert.FiringSince is { } since
            ? alert with { AnnouncedSince = since, Unsent = Notice(rule, alert, AlertNotificationKind.Firing, since, mine, context) }
            : alert with
            {
                AnnouncedSince = null,
                Unsent = Notice(rule, alert, AlertNotificationKind.Resolved, alert.AnnouncedSince!.Value, mine, context),
            };
    }

    /// <summary>
    /// The grace period during which an alert keeps firing although none of its instances is alive: long enough for their
    /// replacements to evaluate the condition themselves.
    /// </summary>
    public static TimeSpan OrphanGracePeriod(AlertRule rule) => rule.For + rule.ResolveAfter;

    /// <summary>Returns a stable id: the same for the same start of the same alert, on every instance.</summary>
    public static string IdOf(AlertNotificationKind kind, string rule, string? key, DateTimeOffset since) =>
        "msg_" + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{rule}\n{since.UtcTicks}\n{key}")).AsSpan(0, 16));

    private static Alert Witnessed(AlertRule rule, Alert alert, AlertCondition mine, AlertContext context)
    {
        if (mine.Holds)
        {
            return alert with
            {
                FiringSince = alert.FiringSince ?? context.Now,
                Value = alert.FiringSince is null ? mine.Value : alert.Value,
                Witnesses = alert.Witnesses.Contains(context.Instance, StringComparer.Ordinal)
                    || alert.Witnesses.Count >= Alert.MaxWitnesses
                        ? alert.Witnesses
                        : [.. alert.Witnesses, context.Instance],
                OrphanedSince = null,
            };
        }

        if (alert.FiringSince is null)
            return alert;
        var isMine = alert.Witnesses.Contains(context.Instance, StringComparer.Ordinal);
        var others = alert.Witnesses.Where(witness => witness != context.Instance).ToList();
        if (others.Exists(context.IsAlive))
            return alert with { Witnesses = isMine ? others : alert.Witnesses, OrphanedSince = null };
        // An instance that withdraws its report knows the current state; the state of lost instances is unknown.
        if (isMine || (alert.OrphanedSince is { } orphaned && context.Now - orphaned >= OrphanGracePeriod(rule)))
            return alert with { FiringSince = null, Value = null, Witnesses = [], OrphanedSince = null };
        return alert with { OrphanedSince = alert.OrphanedSince ?? context.Now };
    }

    private static AlertNotification Notice(
        AlertRule rule, Alert alert, AlertNotificationKind kind, DateTimeOffset since, AlertCondition mine, AlertContext context) => new()
    {
        Id = IdOf(kind, rule.Name, alert.AttributeValue, since),
        Kind = kind,
        Rule = rule.Name,
        Title = rule.Title,
        Severity = rule.Severity,
        Metric = rule.Metric,
        Attribute = rule.By,
        AttributeValue = alert.AttributeValue,
        Value = mine.Value,
        Operator = rule.Symbol,
        Threshold = rule.Threshold,
        Window = rule.Window,
        Since = since,
        At = context.Now,
        Instance = context.Instance,
        Runbook = $"{context.Runbook}#{rule.Runbook}",
    };
}
