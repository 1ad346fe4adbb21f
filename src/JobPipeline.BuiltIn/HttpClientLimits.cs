using JobPipeline.BuiltIn.Web;
using JobPipeline.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn;

/// <summary>Limits the requests of an <see cref="HttpClient"/> together with the jobs that pass the same limit.</summary>
public static class HttpClientLimits
{
    /// <summary>
    /// Takes a permit of the limit for each request (<see cref="IJobLimit.AcquireAsync"/>). If the service answers that it is asked too
    /// often, the limit is closed on all instances for as long as the answer says: a 429 or 503 with <c>Retry-After</c>, or a 429 with
    /// <c>X-RateLimit-Reset</c>. The answer itself is returned as it is.
    /// </summary>
    /// <remarks>
    /// Add it after handlers that retry, so that each try takes a permit. Only asynchronous requests are sent. A redirect that the client
    /// follows takes no permit of its own.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="limit">The name of the limit, as in <c>JobPipeline:Limits:{name}</c>.</param>
    /// <param name="key">
    /// Returns the key that a request counts for. If it is null or returns null, that is the key of the running job; outside of a job,
    /// the empty key.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is empty. That of a limit which is not configured is reported when a client is created.
    /// </exception>
    public static IHttpClientBuilder AddJobLimit(
        this IHttpClientBuilder builder, string limit, Func<HttpRequestMessage, string?>? key = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(limit);
        return builder.AddHttpMessageHandler(provider => new JobLimitHandler(
            provider.GetRequiredService<IJobLimits>(),
            limit,
            key,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<JobLimitHandler>>()));
    }
}
