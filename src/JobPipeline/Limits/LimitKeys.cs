using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits;

/// <summary>Finds out which key of a limit a job belongs to, reading a large payload only where the key comes from it.</summary>
internal sealed class LimitKeys(IPayloadStore payloads, IEnumerable<IExpressionEvaluator> evaluators)
{
    private readonly IExpressionEvaluator? _expressions = evaluators.LastOrDefault();

    public ValueTask<string> OfAsync(LimitDefinition limit, StartRequest request, CancellationToken cancellationToken) =>
        OfAsync(limit, request.Job, request.Spec, cancellationToken);

    public async ValueTask<string> OfAsync(LimitDefinition limit, JobId job, JobSpec spec, CancellationToken cancellationToken)
    {
        var payload = spec.Payload;
        if (spec.PayloadInBlob && limit.Key is { } key && LimitKey.ExpressionOf(key) is not null)
            payload = await payloads.ReadAsync(PayloadName.Payload(job), cancellationToken) ?? default;
        return LimitKey.Of(limit.Key, spec, payload, _expressions);
    }
}
