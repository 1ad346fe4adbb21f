using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Wires what is done with dead letters: callbacks, replay and purge.</summary>
internal static class DeadLetterServices
{
    public static void AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton<DeadLetterCallbacks>();
        services.TryAddSingleton(provider => new Replayer(
            provider.GetRequiredService<IDeadLetterStore>(),
            provider.GetRequiredService<JobClient>(),
            provider.GetRequiredService<IPayloadStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>(),
            provider.GetRequiredService<ILogger<Replayer>>()));
        services.TryAddSingleton(provider => new BulkReplays(
            provider.GetRequiredService<JobClient>(),
            provider.GetRequiredService<IDeadLetterStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BulkReplays>>()));
        services.TryAddSingleton(provider => new DeadLetterPurge(
            provider.GetRequiredService<IDeadLetterStore>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DeadLetterPurge>>()));
    }
}
