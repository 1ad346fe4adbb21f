using JobPipeline.Http;
using JobPipeline.Http.Alerts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for alerts.</summary>
public sealed class AlertTriggers(AlertEndpoints alerts)
{
    [Function("ListAlerts")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListAlerts)] HttpRequest request,
        CancellationToken cancellationToken) =>
        alerts.ListAsync(cancellationToken);

    [Function("SilenceAlert")]
    public Task<IResult> SilenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.SilenceAlert)] HttpRequest request,
        string rule,
        CancellationToken cancellationToken) =>
        alerts.SilenceAsync(request, rule, cancellationToken);

    [Function("UnsilenceAlert")]
    public Task<IResult> UnsilenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.UnsilenceAlert)] HttpRequest request,
        string rule,
        CancellationToken cancellationToken) =>
        alerts.UnsilenceAsync(request, rule, cancellationToken);

    [Function("TestAlerts")]
    public Task<IResult> TestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.TestAlerts)] HttpRequest request,
        CancellationToken cancellationToken) =>
        alerts.TestAsync(request, cancellationToken);
}
