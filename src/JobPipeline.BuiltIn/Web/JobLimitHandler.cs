using JobPipeline.Handlers;
using JobPipeline.Limits;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Takes a permit for each request, and closes the limit for everyone when the service asks to wait.</summary>
internal sealed class JobLimitHandler : DelegatingHandler
{
    private readonly IJobLimits _limits;
    private readonly IJobLimit _own;
    private readonly string _name;
    private readonly Func<HttpRequestMessage, string?>? _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public JobLimitHandler(
        IJobLimits limits, string name, Func<HttpRequestMessage, string?>? key, TimeProvider time, ILogger<JobLimitHandler> logger)
    {
        (_limits, _name, _key, _time, _logger) = (limits, name, key, time, logger);
        // A name that is not configured fails here, not at the first request.
        _own = limits[name];
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var limit = _key?.Invoke(request) is { } key ? _limits[_name, key] : _own;
        // Before it is sent, while it can't have been changed.
        var host = request.RequestUri?.Host;
        await limit.AcquireAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (ServiceWait.Until(response, _time.GetUtcNow()) is { } until)
            await HoldBackAsync(limit, until, $"{host} returned {(int)response.StatusCode}");
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"Limit '{_name}' is asked asynchronously: use {nameof(HttpClient.SendAsync)}");

    /// <summary>The answer belongs to the caller, whether the limit could be closed or not.</summary>
    private async Task HoldBackAsync(IJobLimit limit, DateTimeOffset until, string reason)
    {
        try
        {
            await limit.HoldBackAsync(until, reason, CancellationToken.None);
        }
        catch (Exception e)
        {
            LimitLog.HoldFailed(_logger, e, _name, reason);
        }
    }
}
