using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Handlers;

/// <summary>Converts a payload into a handler's argument, and a handler's return value into an outcome.</summary>
internal abstract class JobInvoker
{
    /// <summary>The handler's class.</summary>
    public abstract Type HandlerType { get; }

    /// <summary>Gets the logger of the handler's own category.</summary>
    public ILogger LoggerFrom(IServiceProvider services) =>
        (ILogger)services.GetRequiredService(typeof(ILogger<>).MakeGenericType(HandlerType));

    /// <exception cref="JobRejectedException">The payload does not fit.</exception>
    public abstract object Parse(ReadOnlyMemory<byte> payload);

    public abstract Task<JobOutcome?> InvokeAsync(
        IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken);

    /// <summary>Validates a payload and returns all validation errors; empty when the handler can read it.</summary>
    public abstract IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload);

    /// <summary>The type of the payload.</summary>
    public abstract Type PayloadType { get; }

    /// <summary>The type of the result; null for a handler that declares none.</summary>
    public virtual Type? ResultType => null;

    protected static object Parse<TPayload>(ReadOnlyMemory<byte> payload)
    {
        var errors = CheckedJson.Read<TPayload>(payload, out var value);
        return errors.Count == 0 ? value! : throw new JobRejectedException($"the payload does not fit: {string.Join("; ", errors)}");
    }
}

internal sealed class JobInvoker<THandler, TPayload> : JobInvoker
    where THandler : class, IJobHandler<TPayload>
{
    public override Type HandlerType => typeof(THandler);

    public override Type PayloadType => typeof(TPayload);

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<TPayload>(payload);

    public override IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload) => CheckedJson.Read<TPayload>(payload, out _);

    public override async Task<JobOutcome?> InvokeAsync(
        IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        await services.GetRequiredService<THandler>().HandleAsync((TPayload)payload, context, cancellationToken);
}

internal sealed class JobInvoker<THandler, TPayload, TResult> : JobInvoker
    where THandler : class, IJobHandler<TPayload, TResult>
{
    public override Type HandlerType => typeof(THandler);

    public override Type PayloadType => typeof(TPayload);

    public override Type ResultType => typeof(TResult);

    public override object Parse(ReadOnlyMemory<byte> payload) => Parse<TPayload>(payload);

    public override IReadOnlyList<ValidationError> Check(ReadOnlyMemory<byte> payload) => CheckedJson.Read<TPayload>(payload, out _);

    public override async Task<JobOutcome?> InvokeAsync(
        IServiceProvider services, object payload, JobContext context, CancellationToken cancellationToken) =>
        (await services.GetRequiredService<THandler>().HandleAsync((TPayload)payload, context, cancellationToken))?.Outcome;
}
