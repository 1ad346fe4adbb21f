using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>
/// Receives telemetry as Application Insights and an OTLP collector do: <c>/v2.1/track</c> with one JSON item per line, and
/// <c>/v1/{traces|metrics|logs}</c> with protobuf.
/// </summary>
internal sealed class IngestionListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IngestionListener(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The items sent to Application Insights.</summary>
    public ConcurrentQueue<JsonElement> Items { get; } = new();

    /// <summary>The bodies sent to the collector, with the signal from their path.</summary>
    public ConcurrentQueue<(string Path, byte[] Body)> Bodies { get; } = new();

    public static async Task<IngestionListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var listener = new IngestionListener(builder.Build());
        listener._app.MapPost("/v2.1/track", listener.TakeItemsAsync);
        listener._app.MapPost("/v1/{signal}", listener.TakeBodyAsync);
        await listener._app.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    /// <summary>Returns the <c>baseData</c> of the items of a kind, such as <c>RequestData</c>.</summary>
    public IReadOnlyList<JsonElement> Of(string kind) =>
    [
        .. Items.Select(item => item.GetProperty("data"))
            .Where(data => data.GetProperty("baseType").GetString() == kind)
            .Select(data => data.GetProperty("baseData")),
    ];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeItemsAsync(HttpRequest request)
    {
        var count = 0;
        using var reader = new StreamReader(Unpacked(request));
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                continue;
            Items.Enqueue(JsonElement.Parse(line));
            count++;
        }

        return Results.Json(new { itemsReceived = count, itemsAccepted = count, errors = Array.Empty<object>() });
    }

    private async Task<IResult> TakeBodyAsync(HttpRequest request, string signal)
    {
        using var body = new MemoryStream();
        await Unpacked(request).CopyToAsync(body);
        Bodies.Enqueue((signal, body.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    }

    private static Stream Unpacked(HttpRequest request) =>
        request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
}
