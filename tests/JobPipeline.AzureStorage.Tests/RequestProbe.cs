using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>Records the requests of Azure clients as the service receives them, including retries, and lets a test intervene.</summary>
internal sealed class RequestProbe : HttpPipelinePolicy
{
    private int _answersToLose;

    /// <summary>The address of every request, in the order in which they were sent.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = new();

    /// <summary>The size in bytes of every request's body.</summary>
    public ConcurrentQueue<long> Lengths { get; } = new();

    /// <summary>Awaited before a request is sent.</summary>
    public Func<Task> BeforeRequest { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited after the service has responded and before the client receives the response.</summary>
    public Func<Task> AfterAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>Returns a response instead of sending the request to the service; null sends it.</summary>
    public Func<Request, Response?> ReplaceAnswer { get; set; } = static _ => null;

    public int Transactions => Requests.Count(uri => uri.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal));

    /// <summary>Lets the next requests reach the service and breaks the connection before their responses arrive.</summary>
    public void LoseAnswers(int count) => _answersToLose = count;

    public void Forget()
    {
        Requests.Clear();
        Lengths.Clear();
    }

    /// <summary>The SDK's own retries stay enabled; only their delays are shortened.</summary>
    public StorageClients Connect(AzureStorageOptions options)
    {
        options.ConfigureClient = client =>
        {
            client.Retry.Delay = TimeSpan.FromMilliseconds(1);
            client.AddPolicy(this, HttpPipelinePosition.PerRetry);
        };
        return new StorageClients(options, new ConfigurationBuilder().Build());
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The adapters are asynchronous throughout.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Requests.Enqueue(message.Request.Uri.ToUri());
        if (message.Request.Content is { } content && content.TryComputeLength(out var length))
            Lengths.Enqueue(length);
        await BeforeRequest();
        if (ReplaceAnswer(message.Request) is { } answer)
            message.Response = answer;
        else
            await ProcessNextAsync(message, pipeline);
        var isLost = Interlocked.Decrement(ref _answersToLose) >= 0;
        await AfterAnswer();
        if (isLost)
            throw new IOException("The connection broke before the answer arrived.");
    }
}
