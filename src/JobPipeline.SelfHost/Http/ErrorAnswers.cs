using JobPipeline.Http.Problems;
using Microsoft.AspNetCore.Diagnostics;

namespace JobPipeline.SelfHost.Http;

/// <summary>Adds problem details for requests that no endpoint answered: exceptions, unknown routes and unsupported methods.</summary>
internal static class ErrorAnswers
{
    public static void UseApiErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(errors => errors.Run(context =>
            ApiErrors.Unexpected(context, context.Features.Get<IExceptionHandlerFeature>()?.Error).ExecuteAsync(context)));
        app.UseStatusCodePages(page => ApiErrors.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext));
    }
}
