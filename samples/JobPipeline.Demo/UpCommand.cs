using System.Runtime.InteropServices;
using JobPipeline.Demo.Local;
using JobPipeline.SelfHost;
using JobPipeline.Testing.Processes;

namespace JobPipeline.Demo;

/// <summary>The pipeline on this machine, until Ctrl+C: the self-host, and an Azurite unless one runs already.</summary>
internal static class UpCommand
{
    private const string DataFolder = ".azurite";
    private static readonly Uri Address = new("http://127.0.0.1:7071");

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Either of these reaches every process of a terminal by itself, or this one alone; it waits for the host in both cases.
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        try
        {
            await using var azurite = await LocalAzurite.EnsureAsync(Path.GetFullPath(DataFolder), cancellationToken);
            Console.WriteLine(azurite is null ? "Azurite runs already: using it" : $"Started Azurite; its data is in {DataFolder}/");
            using var host = await HostProcess.StartAsync(
                [typeof(SelfHostApplication).Assembly.Location], [$"JobPipeline:Storage:ConnectionString={LocalAzurite.WellKnown}"], Address, Console.WriteLine, cancellationToken: cancellationToken);
            Console.WriteLine($"The pipeline is up: drop messages on the queue 'jobs', or POST {Address}api/jobs/<type>. Ctrl+C stops it.");
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

    private static void Stop(PosixSignalContext context, TaskCompletionSource stop)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }
}
