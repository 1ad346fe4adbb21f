using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Functions.Http;

/// <summary>Sends every request through <see cref="ApiDoor"/>, before any HTTP trigger is called.</summary>
internal static class Door
{
    public static void UseApiDoor(this IFunctionsWorkerApplicationBuilder worker) =>
        worker.UseMiddleware((function, next) => PassAsync(function.GetHttpContext(), next));

    /// <param name="context">Null: the function has no HTTP trigger.</param>
    /// <param name="next">Goes on to the function.</param>
    public static Task PassAsync(HttpContext? context, Func<Task> next)
    {
        if (context is null)
            return next();
        ApiDoor.MarkAnswer(context);
        return ApiDoor.Enter(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next();
    }
}
