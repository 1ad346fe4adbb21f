using Azure.Core;
using Azure.Core.Pipeline;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>What a cut-off run dies of. No kind of error that anything retries by itself.</summary>
internal sealed class CutOffException : Exception
{
    public CutOffException()
        : base("cut off by the test")
    {
    }
}

/// <summary>Cuts a run off at one storage request: before it reached the storage, or after it took effect there.</summary>
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

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The jobs are asynchronous.");
}
