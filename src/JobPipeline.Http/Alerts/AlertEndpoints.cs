using JobPipeline.Alerts;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.Handlers;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Alerts;

/// <summary>The endpoints for alerts.</summary>
internal sealed class AlertEndpoints
{
    private const int MaxBodyBytes = 16 * 1024;

    private readonly AlertRules _rules;
    private readonly AlertOverview _overview;
    private readonly AlertSilences _silences;
    private readonly AlertNotifications _notices;

    public AlertEndpoints(AlertRules rules, AlertOverview overview, AlertSilences silences, AlertNotifications notices) =>
        (_rules, _overview, _silences, _notices) = (rules, overview, silences, notices);

    /// <summary><c>GET /api/alerts</c>: lists the alert rules in force with their states.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken) => Results.Json(
        new AlertListView(
            _overview.Evaluator,
            [.. _notices.Receivers.Select(receiver => new AlertReceiverView(receiver.Name, receiver.JobType, receiver.LeastSevere))],
            [.. (await _overview.ListAsync(cancellationToken)).Select(rule => AlertRuleView.Of(rule, _overview.Evaluator))]),
        ApiJson.Options);

    /// <summary>
    /// <c>POST /api/alerts/{rule}/silence</c>, body <c>{ "for": "02:00:00", "reason": "..." }</c>: suppresses notifications of the
    /// rule for the given time, at most 30 days. Replaces an existing silence.
    /// </summary>
    public async Task<IResult> SilenceAsync(HttpRequest request, string rule, CancellationToken cancellationToken)
    {
        if (_rules.Find(rule) is null)
            return Unknown(rule);
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(MaxBodyBytes);
        var errors = CheckedJson.Read<SilenceRequest>(body, out var silence);
        if (errors.Count > 0 || silence is not { For: { } duration, Reason: { } reason })
            return Problem.InvalidRequest(errors);
        await _silences.SilenceAsync(rule, duration, Caller.Of(request), reason, cancellationToken);
        return await ShowAsync(rule, cancellationToken);
    }

    /// <summary><c>POST /api/alerts/{rule}/unsilence</c>: ends the silence; firing alerts are notified at the next evaluation.</summary>
    public async Task<IResult> UnsilenceAsync(HttpRequest request, string rule, CancellationToken cancellationToken)
    {
        if (_rules.Find(rule) is null)
            return Unknown(rule);
        await _silences.UnsilenceAsync(rule, Caller.Of(request), cancellationToken);
        return await ShowAsync(rule, cancellationToken);
    }

    /// <summary><c>POST /api/alerts:test</c>: sends a test notification to every receiver. 202 with the jobs that send it.</summary>
    public async Task<IResult> TestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (_notices.Receivers.Count == 0)
            return Problem.NoAlertReceivers();
        var jobs = await _notices.TestAsync(Caller.Of(request), cancellationToken);
        return Results.Json(
            new AlertTestView(
            [
                .. jobs.Select(sent => new AlertTestJobView(sent.Receiver.Name, sent.Job, ApiRoutes.OfJob(sent.Job).WithKeyOf(request))),
            ]),
            ApiJson.Options,
            statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> ShowAsync(string rule, CancellationToken cancellationToken) =>
        Results.Json(AlertRuleView.Of((await _overview.FindAsync(rule, cancellationToken))!, _overview.Evaluator), ApiJson.Options);

    private IResult Unknown(string rule) => Problem.AlertRuleNotFound(_rules.WhyUnknown(rule));
}
