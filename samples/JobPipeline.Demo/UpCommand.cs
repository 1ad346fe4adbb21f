using System.Runtime.InteropServices;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Demo.Local;
using JobPipeline.SelfHost;
using JobPipeline.SelfHost.Http;
using JobPipeline.TestTools.Processes;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Demo;

/// <summary>
/// Runs the pipeline on this machine until Ctrl+C: the self-host, and an Azurite unless one is running or the environment
/// configures another storage account.
/// </summary>
internal static class UpCommand
{
    private const string DataFolder = ".azurite";

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Each signal reaches either every process of a terminal or only this one; in both cases this process waits for the host.
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        try
        {
            var settings = UpSettings.Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var address))
            {
                return await FailAsync(
                    $"JobPipeline__Http__Url is '{settings.Url}', which is not an address such as http://127.0.0.1:7071");
            }

            // Checked before Azurite is started, so that another program on the port is not mistaken for the pipeline.
            if (ListenCheck.ErrorOf(settings.Url) is { } error)
                return await FailAsync(error);
            await using var azurite = await UpStorage.EnsureAsync(settings, DataFolder, cancellationToken);
            string[] storage = settings.Storage is null ? [$"JobPipeline:Storage:ConnectionString={LocalAzurite.WellKnown}"] : [];
            using var host = await HostProcess.StartAsync(
                [typeof(SelfHostApplication).Assembly.Location],
                storage,
                address,
                Console.WriteLine,
                settings.Key,
                cancellationToken: cancellationToken);
            Console.WriteLine($"The pipeline is up: drop messages on the queue 'jobs', or POST {address}api/jobs/<type>. Ctrl+C stops it.");
            var ended = host.WaitAsync();
            await Task.WhenAny(ended, stop.Task);
            return ended.IsCompleted ? await ended : await host.StopAsync();
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static Task<int> FailAsync(string why) => new StartUpError(StartUpError.Misconfigured, [why]).WriteAsync(Console.Error);

    private static void Stop(PosixSignalContext context, TaskCompletionSource stop)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }
}
