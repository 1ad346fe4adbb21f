using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>A request as the peer received it.</summary>
internal sealed record SeenRequest(string Method, string Target, string Host, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A real local web server that responds as scripted by the test.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;
    private int _connections;

    public int Port => new Uri(_app!.Urls.Single()).Port;

    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Completes when the first request has arrived.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Completes when a caller has disconnected before receiving the whole response.</summary>
    public Task Left => _left.Task.WaitAsync(TestContext.Current.CancellationToken);

    public string Url(string path = "/", string host = "127.0.0.1", string scheme = "http") => $"{scheme}://{host}:{Port}{path}";

    public static Task<Peer> StartAsync(RequestDelegate answer, string address = "127.0.0.1", X509Certificate2? certificate = null) =>
        StartAsync(address, certificate, null, answer);

    /// <summary>
    /// Starts a peer that writes these raw bytes after receiving the request head, and closes the connection; for invalid
    /// responses.
    /// </summary>
    public static Task<Peer> StartRawAsync(string bytes) =>
        StartAsync("127.0.0.1", null, System.Text.Encoding.Latin1.GetBytes(bytes), _ => Task.CompletedTask);

    /// <summary>Waits until the caller disconnects.</summary>
    public static Task ForeverAsync(HttpContext context)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(aborted.SetResult);
        return aborted.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<Peer> StartAsync(string address, X509Certificate2? certificate, byte[]? raw, RequestDelegate answer)
    {
        var peer = new Peer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Parse(address), 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    Interlocked.Increment(ref peer._connections);
                    return raw is null ? next(connection) : peer.WriteRawAsync(connection, raw);
                });
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        peer._app = builder.Build();
        peer._app.Run(context => peer.AnswerAsync(context, answer));
        await peer._app.StartAsync(TestContext.Current.CancellationToken);
        return peer;
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Enqueue(
            new SeenRequest(
                context.Request.Method,
                $"{context.Request.Path}{context.Request.QueryString}",
                context.Request.Host.ToString(),
                headers,
                body));
        context.RequestAborted.Register(() => _left.TrySetResult());
        _arrived.TrySetResult();
        await answer(context);
    }

    private async Task WriteRawAsync(ConnectionContext connection, byte[] raw)
    {
        await connection.Transport.Input.ReadAsync();
        _arrived.TrySetResult();
        await connection.Transport.Output.WriteAsync(raw);
        await connection.Transport.Output.CompleteAsync();
    }
}
