using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>Counts the storage requests of a stage by method and table; a transaction counts as <c>batch</c>.</summary>
internal sealed class StorageRequests : HttpPipelinePolicy
{
    private static readonly string[] Tables = ["WorkflowSteps", "Workflows", "Jobs"];

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public int Total => _counts.Values.Sum();

    public void Reset() => _counts.Clear();

    public void Attach(ClientOptions options) => options.AddPolicy(this, HttpPipelinePosition.PerRetry);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Count(message.Request);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Count(message.Request);
    }

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));

    private void Count(Request request) => _counts.AddOrUpdate(NameOf(request), 1, static (_, count) => count + 1);

    private static string NameOf(Request request)
    {
        var path = request.Uri.Path;
        if (path.EndsWith("$batch", StringComparison.Ordinal))
            return "batch";
        if (path.Contains("/messages", StringComparison.Ordinal))
            return $"{request.Method.Method} message";
        var table = Array.Find(Tables, name => path.Contains(name, StringComparison.OrdinalIgnoreCase)) ?? "other";
        return $"{request.Method.Method} {table}";
    }
}
