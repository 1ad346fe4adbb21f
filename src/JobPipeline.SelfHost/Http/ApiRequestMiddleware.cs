using JobPipeline.Http.Requests;

namespace JobPipeline.SelfHost.Http;

/// <summary>Middleware that applies <see cref="ApiRequestRules"/> to every request.</summary>
internal static class ApiRequestMiddleware
{
    /// <summary>Marks the responses; must come first, because it applies to every response.</summary>
    public static void UseAnswerMarks(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        ApiRequestRules.MarkAnswer(context);
        return next(context);
    });

    /// <summary>Checks the query parameters; must come after the caller is identified.</summary>
    public static void UseApiRequestRules(this IApplicationBuilder app) =>
        app.Use((context, next) => ApiRequestRules.Enter(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next(context));
}
