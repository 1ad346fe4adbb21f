using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Configuration;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;

namespace JobPipeline.AzureStorage.Chaos;

/// <summary>
/// Disturbs storage calls with Polly's chaos strategies: a call is delayed, not sent, or sent with its response lost. The policy
/// runs below the client's own retries, so a lost response makes the client repeat a write that has succeeded, which the
/// service then refuses.
/// </summary>
internal sealed class ChaosPolicy : HttpPipelinePolicy
{
    private static readonly ResiliencePropertyKey<Request> RequestKey = new("jobpipeline.chaos.request");

    private readonly ILogger _logger;
    private readonly ResiliencePipeline _onTheWay;
    private readonly ResiliencePipeline _onTheWayBack;

    public ChaosPolicy(ChaosOptions options, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _onTheWay = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddChaosLatency(new ChaosLatencyStrategyOptions
            {
                InjectionRate = options.LatencyRate,
                Latency = options.Latency,
                OnLatencyInjected = arguments => Tell("late", arguments.Context),
            })
            .AddChaosFault(Fault(options.FaultRate, "not sent", "the connection broke before the call was sent"))
            .Build();
        _onTheWayBack = new ResiliencePipelineBuilder()
            .AddChaosFault(Fault(options.LostAnswerRate, "answer lost", "the connection broke before the response arrived"))
            .Build();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The pipeline never calls storage synchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await PassAsync(_onTheWay, message);
        await ProcessNextAsync(message, pipeline);
        await PassAsync(_onTheWayBack, message);
    }

    private static async ValueTask PassAsync(ResiliencePipeline chaos, HttpMessage message)
    {
        var context = ResilienceContextPool.Shared.Get(message.CancellationToken);
        context.Properties.Set(RequestKey, message.Request);
        try
        {
            await chaos.ExecuteAsync(static _ => default, context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Creates the fault options, with the exception that the SDK's transport throws for a broken connection.</summary>
    private ChaosFaultStrategyOptions Fault(double rate, string what, string message) => new()
    {
        InjectionRate = rate,
        FaultGenerator = _ => ValueTask.FromResult<Exception?>(new RequestFailedException($"Chaos: {message}.", new IOException(message))),
        OnFaultInjected = arguments => Tell(what, arguments.Context),
    };

    private ValueTask Tell(string what, ResilienceContext context)
    {
        if (context.Properties.TryGetValue(RequestKey, out var request))
            ChaosLog.Disturbed(_logger, what, request.Method.Method, request.Uri.Path);
        return default;
    }
}
