using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Rig;

/// <summary>The behaviour of the handlers of a test, and a record of their calls.</summary>
internal sealed class Script
{
    public Func<JobContext, CancellationToken, Task<JobOutcome>> Act { get; set; } = static (_, _) => Task.FromResult(JobOutcome.Success());

    /// <summary>The starts of handlers: the job and the attempt.</summary>
    public List<(JobId Job, int Attempt)> Starts { get; } = [];

    /// <summary>The payloads passed to handlers.</summary>
    public List<object> Payloads { get; } = [];

    public async Task<JobOutcome> RunAsync(object payload, JobContext context, CancellationToken cancellationToken)
    {
        lock (Starts)
        {
            Starts.Add((context.JobId, context.Attempt));
            Payloads.Add(payload);
        }

        return await Act(context, cancellationToken);
    }

    /// <summary>Makes handlers return this outcome.</summary>
    public void Returns(JobOutcome? outcome) => Act = (_, _) => Task.FromResult(outcome!);

    /// <summary>Makes handlers throw this exception.</summary>
    public void Throws(Exception error) => Act = (_, _) => Task.FromException<JobOutcome>(error);

    /// <summary>Makes handlers wait for an outcome or for their cancellation token.</summary>
    public TaskCompletionSource<JobOutcome> Hangs(bool ignoringItsToken = false)
    {
        var gate = new TaskCompletionSource<JobOutcome>();
        Act = (_, cancellationToken) => ignoringItsToken ? gate.Task : gate.Task.WaitAsync(cancellationToken);
        return gate;
    }
}

internal sealed record ScriptedPayload
{
    public string? To { get; init; }

    public int Count { get; init; }

    public Dictionary<string, int> Sizes { get; init; } = [];
}

[Job(Type, MaxAttempts = 3, Timeout = "00:01:00", BackoffBase = "00:00:10", BackoffCap = "00:01:00")]
internal sealed class ScriptedJob(Script script) : IJobHandler<ScriptedPayload>
{
    public const string Type = "mail.send";

    public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
        script.RunAsync(payload, context, cancellationToken);
}

/// <summary>Another job type, such as a forged message would try to run.</summary>
[Job(Type, Queue = PriorityQueues.High)]
internal sealed class OtherJob(Script script) : IJobHandler<ScriptedPayload>
{
    public const string Type = "mail.purge";

    public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
        script.RunAsync(payload, context, cancellationToken);
}

/// <summary>A job that may be sent in packs.</summary>
[Job(Type, MaxAttempts = 2, ExpectedDuration = "00:00:00.100")]
internal sealed class QuickJob(Script script) : IJobHandler<ScriptedPayload>
{
    public const string Type = "mail.count";

    public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
        script.RunAsync(payload, context, cancellationToken);
}
