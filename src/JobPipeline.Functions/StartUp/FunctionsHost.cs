using JobPipeline.AzureStorage.Start;
using JobPipeline.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.StartUp;

/// <summary>
/// Validates the settings and the storage, then runs the worker. Errors that prevent the start are written to standard error,
/// one per line.
/// </summary>
internal static class FunctionsHost
{
    /// <summary>The kind of host that the storage account records.</summary>
    public const string Kind = "functions";

    /// <returns>0 after a normal stop, else <see cref="StartUpError.ExitCode"/>.</returns>
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
