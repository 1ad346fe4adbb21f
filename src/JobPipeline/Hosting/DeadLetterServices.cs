using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Hosting;

/// <summary>Registers the dead-letter services: callbacks, replay and purge.</summary>
internal static class DeadLetterServices
{
    public static void AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton<DeadLetterCallbacks>();
        services.TryAddSingleton<Replayer>();
        services.TryAddSingleton<BulkReplays>();
        services.TryAddSingleton<DeadLetterPurge>();
    }
}
