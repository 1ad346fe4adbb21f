using System.Net.Sockets;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Demo.Local;

/// <summary>Storage on this machine: a running Azurite, or one started here on the well-known ports.</summary>
internal static class LocalAzurite
{
    public const string WellKnown = "UseDevelopmentStorage=true";

    /// <summary>Starts Azurite. Returns null if one is running already, which must not be stopped.</summary>
    /// <exception cref="InvalidOperationException">A port is in use by another program; the message states the remedy.</exception>
    public static async Task<AzuriteProcess?> EnsureAsync(string folder, CancellationToken cancellationToken)
    {
        var ports = AzuritePorts.Default;
        var found = await Task.WhenAll(new[] { ports.Blob, ports.Queue, ports.Table }.Select(port => LookAsync(port, cancellationToken)));
        if (Array.TrueForAll(found, f => f.IsAzurite))
            return null;
        if (Array.Find(found, f => f.IsTaken && !f.IsAzurite) is { } stranger)
        {
            throw new InvalidOperationException(
                $"Port {stranger.Port} is in use by a program other than Azurite. Stop it ('lsof -i :{stranger.Port}' or 'netstat -ano' "
                    + "shows it), or set JobPipeline__Storage__ConnectionString to another storage account.");
        }

        if (Array.Find(found, f => f.IsAzurite) is { } half)
        {
            throw new InvalidOperationException(
                $"Azurite responds on port {half.Port}, but not on all of {ports.Blob}, {ports.Queue} and {ports.Table}. "
                    + "Stop it, or start it with all three services.");
        }

        return await AzuriteProcess.StartAsync(ports, folder, cancellationToken);
    }

    private static async Task<Finding> LookAsync(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return new Finding(
                port, IsTaken: true, answer.Headers.Server.ToString().StartsWith("Azurite", StringComparison.OrdinalIgnoreCase));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new Finding(port, IsTaken: false, IsAzurite: false);
        }
        catch (Exception e) when (
            e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Finding(port, IsTaken: true, IsAzurite: false);
        }
    }

    private sealed record Finding(int Port, bool IsTaken, bool IsAzurite);
}
