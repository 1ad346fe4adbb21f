using Azure.Core;
using JobPipeline.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Chaos;

/// <summary>Adds <see cref="ChaosPolicy"/> to every storage client when chaos is configured.</summary>
internal static class StorageChaos
{
    public static void AddStorageChaos(this IServiceCollection services)
    {
        // Each options interface creates its own options instance.
        var isLogged = 0;
        var options = services.AddOptions<AzureStorageOptions>();
        options.PostConfigure<IOptions<ChaosOptions>, TimeProvider, ILogger<ChaosPolicy>>((storage, chaos, time, logger) =>
        {
            if (!chaos.Value.Enabled)
                return;
            if (Interlocked.Exchange(ref isLogged, 1) == 0)
                ChaosLog.Enabled(logger, ChaosOptions.Section);
            var policy = new ChaosPolicy(chaos.Value, time, logger);
            var configured = storage.ConfigureClient;
            storage.ConfigureClient = client =>
            {
                configured?.Invoke(client);
                client.Retry.MaxRetries = chaos.Value.MaxRetries ?? client.Retry.MaxRetries;
                client.AddPolicy(policy, HttpPipelinePosition.PerRetry);
            };
        });
    }
}
