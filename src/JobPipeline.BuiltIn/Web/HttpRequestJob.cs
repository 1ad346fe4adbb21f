using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web;

/// <summary>
/// Calls an HTTP endpoint. The sender of the job chooses the address, so the request goes only where <see cref="OutboundPolicy"/>
/// allows, within the limits on time and memory. A request may be sent more than once, like any job.
/// </summary>
[Job("http.request", MaxAttempts = 5, Timeout = "00:01:00")]
internal sealed class HttpRequestJob(CallBuilder calls, HttpExchange exchange, IOptions<OutboundOptions> options, TimeProvider time)
    : IJobHandler<HttpRequestPayload, HttpRequestResult>
{
    private const string SizeSetting = $"{OutboundOptions.Section}:{nameof(OutboundOptions.MaxResponseBytes)}";
    private const int ExcerptBytes = 4 * 1024;
    private static readonly TimeSpan ExcerptTime = TimeSpan.FromSeconds(2);

    public async Task<JobOutcome<HttpRequestResult>> HandleAsync(
        HttpRequestPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (payload.MaxResponseBytes > options.Value.MaxResponseBytes)
        {
            throw new JobRejectedException(
                $"'maxResponseBytes' is {payload.MaxResponseBytes}; the maximum of {SizeSetting} is {options.Value.MaxResponseBytes}.");
        }

        var started = time.GetTimestamp();
        var answer = await AnswerInTimeAsync(payload, new HttpHops(calls.Build(payload, context)), cancellationToken);
        return payload.ExpectedStatus.Any(range => range.Contains(answer.Status))
            ? new HttpRequestResult(answer.Status, answer.Headers, answer.Text, answer.Base64, time.GetElapsedTime(started))
            : JobOutcome.Failure(StatusRules.Failure(answer, payload.ExpectedStatus, time.GetUtcNow(), options.Value.MaxRetryAfter));
    }

    private async Task<HttpAnswer> AnswerInTimeAsync(HttpRequestPayload payload, HttpHops hops, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(payload.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await AnswerAsync(payload, hops, both.Token);
        }
        catch (Exception e)
        {
            // An exchange that is cancelled can surface as any kind of error.
            cancellationToken.ThrowIfCancellationRequested();
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{hops} took longer than {payload.Timeout}.", e);
            throw TransportFailure.Of(e, $"{hops}");
        }
    }

    private async Task<HttpAnswer> AnswerAsync(HttpRequestPayload payload, HttpHops hops, CancellationToken cancellationToken)
    {
        using var response = await exchange.SendAsync(hops, payload.ExpectedStatus, cancellationToken);
        var status = (int)response.StatusCode;
        var secrets = hops.First.Connection?.Secrets;
        if (!ResponseBody.IsPossible(hops.Current.Method, status))
            return HttpAnswer.From(hops.Current, response, body: default(ReadOnlyMemory<byte>?), secrets);
        var maxBytes = payload.MaxResponseBytes ?? options.Value.MaxResponseBytes;
        var body = payload.ExpectedStatus.Any(range => range.Contains(status))
            ? await ResponseBody.ReadAsync(response.Content, maxBytes, $"{hops}", cancellationToken)
            : await ExcerptAsync(response.Content, cancellationToken);
        return HttpAnswer.From(hops.Current, response, body, secrets);
    }

    /// <summary>Returns an excerpt of the body for the error message, or nothing if it can't be read: the status matters more.</summary>
    private async Task<ReadOnlyMemory<byte>> ExcerptAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ExcerptTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return (await ResponseBody.ReadUpToAsync(content, ExcerptBytes, both.Token)).Bytes;
        }
        catch (Exception e) when (
            !cancellationToken.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
        {
            return default;
        }
    }
}
