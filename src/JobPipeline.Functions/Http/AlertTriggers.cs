using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers for api.Alerts.</summary>
public sealed class AlertTriggers(ApiEndpoints api)
{
    [Function("ListAlerts")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListAlerts)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Alerts.ListAsync(cancellationToken);

    [Function("SilenceAlert")]
    public Task<IResult> SilenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.SilenceAlert)] HttpRequest request,
        string rule,
        CancellationToken cancellationToken) =>
        api.Alerts.SilenceAsync(request, rule, cancellationToken);

    [Function("UnsilenceAlert")]
    public Task<IResult> UnsilenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.UnsilenceAlert)] HttpRequest request,
        string rule,
        CancellationToken cancellationToken) =>
        api.Alerts.UnsilenceAsync(request, rule, cancellationToken);

    [Function("TestAlerts")]
    public Task<IResult> TestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.TestAlerts)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Alerts.TestAsync(request, cancellationToken);
}
