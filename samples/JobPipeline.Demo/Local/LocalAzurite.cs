using System.Net.Sockets;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Demo.Local;

/// <summary>The storage of this machine: an Azurite that runs already, or one of our own on the ports that everybody knows.</summary>
internal static class LocalAzurite
{
    public const string WellKnown = "UseDevelopmentStorage=true";

    /// <summary>Null: one is running already and is not ours to stop.</summary>
    /// <exception cref="InvalidOperationException">A port is taken by something else; the message says what to do.</exception>
    public static async Task<AzuriteProcess?> EnsureAsync(string folder, CancellationToken cancellationToken)
    {
        var ports = AzuritePorts.Default;
        var found = await Task.WhenAll(new[] { ports.Blob, ports.Queue, ports.Table }.Select(port => LookAsync(port, cancellationToken)));
        if (Array.TrueForAll(found, f => f.IsAzurite))
            return null;
        if (Array.Find(found, f => f.IsTaken && !f.IsAzurite) is { } stranger)
        {
            throw new InvalidOperationException(
                $"Port {stranger.Port} is taken by something that is not Azurite. Stop it ('lsof -i :{stranger.Port}' or 'netstat -ano' "
                    + "names it), or set JobPipeline__Storage__ConnectionString to a storage of your own.");
        }

        if (Array.Find(found, f => f.IsAzurite) is { } half)
            throw new InvalidOperationException($"An Azurite answers on port {half.Port}, but not on all of {ports.Blob}, {ports.Queue} and {ports.Table}. Stop it, or start it with all three services.");
        return await AzuriteProcess.StartAsync(ports, folder, cancellationToken);
    }

    private static async Task<Finding> LookAsync(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return new Finding(port, IsTaken: true, answer.Headers.Server.ToString().StartsWith("Azurite", StringComparison.OrdinalIgnoreCase));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new Finding(port, IsTaken: false, IsAzurite: false);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Finding(port, IsTaken: true, IsAzurite: false);
        }
    }

    private sealed record Finding(int Port, bool IsTaken, bool IsAzurite);
}
