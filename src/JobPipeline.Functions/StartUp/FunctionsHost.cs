using JobPipeline.AzureStorage.Start;
using JobPipeline.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.StartUp;

/// <summary>Starts the worker when everything is as it must be. What keeps it from starting is said on standard error, one line each.</summary>
internal static class FunctionsHost
{
    /// <summary>What the storage account records of its host.</summary>
    public const string Kind = "functions";

    /// <returns>0 after an ordinary stop, else <see cref="StartUpError.ExitCode"/>.</returns>
    public static async Task<int> RunAsync(Func<IHost> build)
    {
        var isStarted = false;
        try
        {
            using var host = build();
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            await host.Services.GetRequiredService<StorageSetup>().EnsureAsync(Kind, CancellationToken.None);
            await host.RunPipelineAsync(() => isStarted = true);
            return 0;
        }
        catch (Exception e) when (!isStarted && StartUpError.Of(e) is { } error)
        {
            return await error.WriteAsync(Console.Error);
        }
    }
}
