using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace JobPipeline.Integration.Tests.Operations;

/// <summary>Counts the requests that are sent, including the SDK's own retries.</summary>
internal sealed class OperationCounter : HttpPipelinePolicy
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private (string Operation, int Count, TaskCompletionSource Reached)? _target;

    /// <summary>The number of requests by operation, such as <c>delete message</c>.</summary>
    public int this[string operation] => _counts.GetValueOrDefault(operation);

    public IReadOnlyDictionary<string, int> All => _counts;

    public int Total => _counts.Values.Sum();

    public void Attach(ClientOptions options) => options.AddPolicy(this, HttpPipelinePosition.PerRetry);

    public void Reset() => _counts.Clear();

    /// <summary>Completes when an operation has received this many responses.</summary>
    public Task WhenReachedAsync(string operation, int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _target = (operation, count, reached);
            if (this[operation] >= count)
                reached.SetResult();
            return reached.Task;
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Count(NameOf(message.Request));
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Count(NameOf(message.Request));
    }

    private static string NameOf(Request request)
    {
        var path = request.Uri.Path;
        var method = request.Method.Method;
        if (path.EndsWith("/messages", StringComparison.Ordinal))
            return method == "POST" ? "send message" : "receive messages";
        if (path.Contains("/messages/", StringComparison.Ordinal))
            return method == "DELETE" ? "delete message" : "hide message";
        if (path.EndsWith("$batch", StringComparison.Ordinal))
            return "commit rows";
        return path.Contains("Jobs", StringComparison.Ordinal) ? "read rows" : $"{method} other";
    }

    private void Count(string operation)
    {
        lock (_lock)
        {
            var count = _counts.AddOrUpdate(operation, 1, static (_, count) => count + 1);
            if (_target is { } target && target.Operation == operation && count >= target.Count)
                target.Reached.TrySetResult();
        }
    }
}
