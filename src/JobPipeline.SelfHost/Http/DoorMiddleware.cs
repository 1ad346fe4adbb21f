using JobPipeline.Http.Requests;

namespace JobPipeline.SelfHost.Http;

/// <summary>Sends every request through <see cref="ApiDoor"/>.</summary>
internal static class DoorMiddleware
{
    /// <summary>First of all, for it counts for every answer.</summary>
    public static void UseAnswerMarks(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        ApiDoor.MarkAnswer(context);
        return next(context);
    });

    /// <summary>After it is known who asks.</summary>
    public static void UseApiDoor(this IApplicationBuilder app) =>
        app.Use((context, next) => ApiDoor.Enter(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next(context));
}
