using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Handlers;

/// <summary>Turns a payload into a handler's argument, and a handler's answer into an outcome.</summary>
internal abstract class JobInvoker
{
    /// <summary>The handler's class.</summary>
    public abstract Type HandlerType { get; }

    /// <exception cref="JobRejectedException">The payload does not fit.</exception>
    public abstract object Parse(ReadOnlyMemory<byte> payload);

    public abstract Task<JobOutcome?> InvokeAsync(IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken);

    protected static object Parse<TPayload>(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var value = JsonSerializer.Deserialize<TPayload>(payload.IsEmpty ? "{}"u8 : payload.Span, JobJson.Options)
                ?? throw new JobRejectedException("the payload is null");
            if (PayloadRules<TPayload>.MayApplyTo(value))
                Validator.ValidateObject(value, new ValidationContext(value), validateAllProperties: true);
            return value;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new JobRejectedException($"the payload does not fit: {e.Message}", e);
        }
        catch (ValidationException e)
        {
            throw new JobRejectedException($"the payload is not valid: {e.Message}", e);
        }
    }
}

internal sealed class JobInvoker<THandler, TPayload> : JobInvoker
    where THandler : class, IJobHandler<TPayload>
{
    public override Type HandlerType => typeof(THandler);

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<TPayload>(payload);

    public override async Task<JobOutcome?> InvokeAsync(
        IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        await services.GetRequiredService<THandler>().HandleAsync((TPayload)payload, context, cancellationToken);
}

internal sealed class JobInvoker<THandler, TPayload, TResult> : JobInvoker
    where THandler : class, IJobHandler<TPayload, TResult>
{
    public override Type HandlerType => typeof(THandler);

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<TPayload>(payload);

    public override async Task<JobOutcome?> InvokeAsync(
        IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        (await services.GetRequiredService<THandler>().HandleAsync((TPayload)payload, context, cancellationToken))?.Outcome;
}
