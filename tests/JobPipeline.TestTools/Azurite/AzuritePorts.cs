using System.Net;
using System.Net.Sockets;

namespace JobPipeline.TestTools.Azurite;

/// <summary>The ports of Azurite's three services.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    /// <summary>The ports of "UseDevelopmentStorage=true".</summary>
    public static AzuritePorts Default { get; } = new(10000, 10001, 10002);

    /// <summary>Finds three ports that are currently free.</summary>
    public static AzuritePorts Free()
    {
        var listeners = Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
            return new AzuritePorts(ports[0], ports[1], ports[2]);
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }
}
