using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace JobPipeline.Benchmarks.Storage;

/// <summary>
/// Accepts the requests of exporters and returns success without reading their content, over bare sockets, so that its own cost is
/// negligible.
/// </summary>
internal sealed class TelemetrySink : IDisposable
{
    private static readonly byte[] Answer =
    [
        .. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 49\r\n\r\n"u8,
        .. "{\"itemsReceived\":1,\"itemsAccepted\":1,\"errors\":[]}"u8,
    ];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private long _received;

    public TelemetrySink()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>The number of received bytes.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The sink is closing.
            return;
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var filled = 0;
                int head;
                while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var read = await client.ReceiveAsync(buffer.AsMemory(filled));
                    if (read == 0)
                        return;
                    filled += read;
                }

                var left = LengthIn(buffer.AsSpan(0, head)) - (filled - head - 4);
                Interlocked.Add(ref _received, filled);
                while (left > 0)
                {
                    var read = await client.ReceiveAsync(buffer);
                    if (read == 0)
                        return;
                    left -= read;
                    Interlocked.Add(ref _received, read);
                }

                await client.SendAsync(Answer);
            }
        }
        catch (SocketException)
        {
            // The client has disconnected.
            return;
        }
        finally
        {
            client.Dispose();
        }
    }

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException("The sink accepts only requests with a Content-Length.");
    }
}
