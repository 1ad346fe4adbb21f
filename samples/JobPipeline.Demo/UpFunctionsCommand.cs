using System.Runtime.InteropServices;
using JobPipeline.Demo.Local;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Demo;

/// <summary>
/// Runs the Functions app on this machine under Azure Functions Core Tools until Ctrl+C, and an Azurite unless one is running.
/// </summary>
internal static class UpFunctionsCommand
{
    // Separate from the data of the self-host, because only one kind of host serves a storage account.
    private const string DataFolder = ".azurite/functions";

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        try
        {
            CoreTools.Check();
            LocalSettings.CopyOnFirstUse();
            var settings = UpSettings.Of(new ConfigurationBuilder().AddEnvironmentVariables().Build(), isFunctions: true);
            await using var azurite = await UpStorage.EnsureAsync(settings, DataFolder, cancellationToken);
            using var tools = CoreTools.Start();
            var ended = tools.WaitForExitAsync(CancellationToken.None);
            if (await Task.WhenAny(ended, stop.Task) != ended)
                await CoreTools.StopAsync(tools);
            await ended;
            return tools.ExitCode;
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static void Stop(PosixSignalContext context, TaskCompletionSource stop)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }
}
