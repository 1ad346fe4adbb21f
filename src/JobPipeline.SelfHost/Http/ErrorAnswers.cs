using JobPipeline.Http.Problems;
using Microsoft.AspNetCore.Diagnostics;

namespace JobPipeline.SelfHost.Http;

/// <summary>Problem details for what no endpoint answers: an exception, an address or method that there is not.</summary>
internal static class ErrorAnswers
{
    public static void UseApiErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(errors => errors.Run(context =>
            ApiErrors.Unexpected(context, context.Features.Get<IExceptionHandlerFeature>()?.Error).ExecuteAsync(context)));
        app.UseStatusCodePages(page => ApiErrors.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext));
    }
}
