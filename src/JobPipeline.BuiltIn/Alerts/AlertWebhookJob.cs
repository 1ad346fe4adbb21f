using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Web;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>
/// Posts a notice to a webhook. It goes the way that requests of jobs go, past the same guard, but follows no redirect: a
/// signed notice is for the one that it was signed for.
/// </summary>
[Job(AlertJobs.Webhook, MaxAttempts = 12, Timeout = "00:00:30", Queue = "jobs-high", BackoffBase = "00:00:05", BackoffCap = "00:10:00")]
internal sealed class AlertWebhookJob(ConfiguredReceivers receivers, OutboundPolicy policy, OutboundPools pools, IOptions<OutboundOptions> options, TimeProvider time)
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
            [new("Content-Type", "application/json"), .. WebhookSigner.HeadersOf(delivery.Notice.Id, time.GetUtcNow(), body.Span, webhook.Secrets)],
            body,
            Connection: null);
        if (policy.Objection(uri) is { } objection)
            throw new JobRejectedException($"{call} is refused: {objection}.");
        var answer = await SendAsync(call, new SecretValues([.. webhook.Secrets, uri.PathAndQuery, uri.AbsolutePath]), cancellationToken);
        if (Expected[0].Contains(answer.Status))
            return JobOutcome.Success();
        if (answer.Status is >= 300 and < 400)
            throw new JobRejectedException($"{call} answered {answer.Status}: redirects are not followed; configure the address that it names.");
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
            // What is cut off can surface as any kind of error.
            cancellationToken.ThrowIfCancellationRequested();
            throw TransportFailure.Of(e, $"{call}");
        }
    }
}
