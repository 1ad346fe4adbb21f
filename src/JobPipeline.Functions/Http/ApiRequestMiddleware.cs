using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Functions.Http;

/// <summary>Applies <see cref="ApiRequestRules"/> to every request before its HTTP trigger runs.</summary>
internal static class ApiRequestMiddleware
{
    public static void UseApiRequestRules(this IFunctionsWorkerApplicationBuilder worker) =>
        worker.UseMiddleware((function, next) => PassAsync(function.GetHttpContext(), next));

    /// <param name="context">The HTTP context; null if the function has no HTTP trigger.</param>
    /// <param name="next">Invokes the function.</param>
    public static Task PassAsync(HttpContext? context, Func<Task> next)
    {
        if (context is null)
            return next();
        ApiRequestRules.MarkAnswer(context);
        return ApiRequestRules.Enter(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next();
    }
}
