using Azure.Core;
using Azure.Core.Pipeline;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>The exception that ends an interrupted run; nothing retries it automatically.</summary>
internal sealed class CutOffException : Exception
{
    public CutOffException()
        : base("cut off by the test")
    {
    }
}

/// <summary>Interrupts a run at one storage request, either before it reaches the storage or after it has taken effect.</summary>
internal sealed class CutOffPolicy(int at, bool afterwards) : HttpPipelinePolicy
{
    private int _requests;

    public bool WasReached => Volatile.Read(ref _requests) >= at;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var isTheOne = Interlocked.Increment(ref _requests) == at;
        if (!isTheOne || afterwards)
            await ProcessNextAsync(message, pipeline);
        if (isTheOne)
            throw new CutOffException();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The jobs are asynchronous.");
}
