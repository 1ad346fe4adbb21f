using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Web;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// Posts an alert notification to a webhook. The request passes the same outbound policy as the requests of other jobs, but redirects are
/// not followed, because the notification is signed for one receiver.
/// </summary>
[Job(AlertJobs.Webhook, MaxAttempts = 12, Timeout = "00:00:30", Queue = "jobs-high", BackoffBase = "00:00:05", BackoffCap = "00:10:00")]
internal sealed class AlertWebhookJob(
    ConfiguredReceivers receivers,
    OutboundPolicy policy,
    OutboundPools pools,
    IOptions<OutboundOptions> options,
    TimeProvider time)
    : IJobHandler<AlertDelivery>
{
    private const int ExcerptBytes = 2 * 1024;
    private static readonly StatusRange[] Expected = [new(200, 299)];

    public async Task<JobOutcome> HandleAsync(AlertDelivery delivery, JobContext context, CancellationToken cancellationToken)
    {
        var webhook = receivers.Webhook(delivery.Receiver);
        var uri = new Uri(webhook.Url!);
        var body = WebhookBody.Of(delivery.Notice);
        var call = new HttpCall(
            HttpMethod.Post,
            uri,
            [
                new("Content-Type", "application/json"),
                .. WebhookSigner.HeadersOf(delivery.Notice.Id, time.GetUtcNow(), body.Span, webhook.Secrets),
            ],
            body,
            Connection: null);
        if (policy.Objection(uri) is { } reason)
            throw new JobRejectedException($"{call} was blocked: {reason}.");
        var answer = await SendAsync(call, new SecretValues([.. webhook.Secrets, uri.PathAndQuery, uri.AbsolutePath]), cancellationToken);
        if (Expected[0].Contains(answer.Status))
            return JobOutcome.Success();
        if (answer.Status is >= 300 and < 400)
        {
            throw new JobRejectedException(
                $"{call} returned status {answer.Status}. Redirects are not followed; configure the target address of the redirect.");
        }

        return JobOutcome.Failure(StatusRules.Failure(answer, Expected, time.GetUtcNow(), options.Value.MaxRetryAfter));
    }

    private async Task<HttpAnswer> SendAsync(HttpCall call, SecretValues secrets, CancellationToken cancellationToken)
    {
        try
        {
            using var request = call.ToRequest();
            using var response = await pools.For(null).SendAsync(request, cancellationToken);
            var (excerpt, _) = await ResponseBody.ReadUpToAsync(response.Content, ExcerptBytes, cancellationToken);
            return HttpAnswer.From(call, response, excerpt, secrets);
        }
        catch (Exception e)
        {
            // A cancelled request can surface as any exception.
            cancellationToken.ThrowIfCancellationRequested();
            throw TransportFailure.Of(e, $"{call}");
        }
    }
}
