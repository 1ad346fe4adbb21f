using System.Diagnostics;
using JobPipeline.Jobs;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The spans of the pipeline. Context travels as <c>traceparent</c> in the message: a producer's span is the parent of every
/// attempt, an attempt's of the jobs that it enqueues. Where the sender does not keep its trace, an attempt has no span and its
/// jobs pass the sender's context on; one that fails is kept all the same (<see cref="AttemptSpan"/>).
/// </summary>
internal static class JobTracing
{
    /// <summary>There is no well-known value for these queues.</summary>
    private const string System = "azure_storage_queues";
    private const string Send = "send";
    private const string Process = "process";
    private const string Receive = "receive";
    private const string Advance = "advance";
    private const int MaxLinks = 32;
    private const int TraceParentLength = 55;

    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>Around the sending of one job. Jobs that are made meanwhile carry its context.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="traceParent">The trace that it belongs to where none is in hand.</param>
    public static Activity? StartSend(string type, string? traceParent)
    {
        var span = Activity.Current is null ? Source.StartActivity(Send, ActivityKind.Producer, ContextOf(traceParent)) : Source.StartActivity(Send, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            Describe(span, Send, type).SetTag(AttributeNames.JobType, type);
        return span;
    }

    /// <summary>Around the sending of many.</summary>
    public static Activity? StartSendMany(int count)
    {
        var span = Source.StartActivity(Send, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            Describe(span, Send, "many").SetTag(AttributeNames.BatchCount, count);
        return span;
    }

    /// <summary>Says what was sent.</summary>
    public static void Sent(Activity? span, JobId id, string lane, JobSpec spec)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag(AttributeNames.JobId, id.ToString());
        span.SetTag(AttributeNames.Destination, lane);
        span.SetTag(AttributeNames.ConversationId, spec.CorrelationId);
    }

    /// <summary>Around a message that holds many jobs: it is linked to whoever sent them, each of its attempts to it.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="count">How many jobs it holds.</param>
    /// <param name="senders">The trace context of each of their senders.</param>
    public static Activity? StartReceive(QueueDelivery delivery, int count, IEnumerable<string?> senders)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(Receive, ActivityKind.Consumer, default(ActivityContext), links: Links(senders));
        if (span is { IsAllDataRequested: true })
            Describe(span, Receive, delivery.Queue).SetTag(AttributeNames.Destination, delivery.Queue).SetTag(AttributeNames.MessageId, delivery.MessageId).SetTag(AttributeNames.BatchCount, count);
        return span;
    }

    /// <summary>Around an attempt: from the claim to the end of what follows from it.</summary>
    /// <returns>Null where nobody listens.</returns>
    public static AttemptSpan? StartAttempt(in AttemptTrace attempt)
    {
        if (!Source.HasListeners())
            return null;
        // Whoever sent it has decided that its trace is not kept: it costs nothing, unless it fails. But where the host has a
        // trace of its own around this, what the job sends must not become part of that.
        var isTraced = IsKept(attempt.TraceParent) || Activity.Current is not null;
        return new AttemptSpan(isTraced ? StartProcess(ContextOf(attempt.TraceParent), attempt.StartedAt) : null, attempt);
    }

    /// <summary>The span of an attempt that is to be kept now that it has failed.</summary>
    public static Activity? StartKept(in AttemptTrace attempt)
    {
        var sender = ContextOf(attempt.TraceParent);
        // What can't be read as a trace gives one of its own.
        if (sender == default)
            return StartProcess(default, attempt.StartedAt);
        var kept = new ActivityContext(sender.TraceId, sender.SpanId, ActivityTraceFlags.Recorded, sender.TraceState, isRemote: true);
        return StartProcess(kept, attempt.StartedAt);
    }

    private static Activity? StartProcess(ActivityContext sender, DateTimeOffset startedAt)
    {
        // What the host itself has around this call: a pack, or the invocation of a function.
        var around = Activity.Current?.Context;
        return Source.StartActivity(
            Process, ActivityKind.Consumer, sender, links: around is { } host && sender != default && host.TraceId != sender.TraceId ? [new ActivityLink(host)] : null, startTime: startedAt);
    }

    /// <summary>True unless the sender says that it is not: by the last digit of <c>traceparent</c>'s flags.</summary>
    private static bool IsKept(string? traceParent) => traceParent is not { Length: TraceParentLength } || (traceParent[^1] & 1) == 1;

    /// <summary>Around the moves of a workflow: part of the trace that it was started in, linked to what made it move.</summary>
    public static Activity? StartWorkflowTurn(string workflow, string instance, string? traceParent, IEnumerable<string?> causes)
    {
        if (!Source.HasListeners())
            return null;
        var links = causes.Distinct(StringComparer.Ordinal).Select(ContextOf).Where(cause => cause != default).Take(MaxLinks).Select(cause => new ActivityLink(cause)).ToList();
        var span = Source.StartActivity(Advance, ActivityKind.Internal, ContextOf(traceParent), links: links);
        if (span is not { IsAllDataRequested: true })
            return span;
        span.DisplayName = $"{Advance} {workflow}";
        span.SetTag(AttributeNames.WorkflowName, workflow).SetTag(AttributeNames.WorkflowId, instance);
        return span;
    }

    /// <summary>For what a job makes that goes on by itself: it stays in the job's trace, kept or not.</summary>
    public static Activity? Continue(string? traceParent) =>
        Activity.Current is null && Source.HasListeners() && ContextOf(traceParent) != default ? new Activity("continue").SetParentId(traceParent!).Start() : null;

    /// <summary>Marks a span as failed. The text of an error may quote a payload: it is on record, where access is another, and not told here.</summary>
    public static void Fail(Activity? span, string errorType)
    {
        span?.SetTag(AttributeNames.ErrorType, errorType);
        span?.SetStatus(ActivityStatusCode.Error, errorType);
    }

    /// <summary>What is common to spans of attempts.</summary>
    public static Activity DescribeAttempt(Activity span, string type) => Describe(span, Process, type);

    /// <summary>What is common to spans that deal with a message. The job type stands in their names where the conventions have the destination.</summary>
    private static Activity Describe(Activity span, string operation, string what)
    {
        span.DisplayName = $"{operation} {what}";
        return span.SetTag(AttributeNames.System, System).SetTag(AttributeNames.OperationName, operation).SetTag(AttributeNames.OperationType, operation);
    }

    private static IEnumerable<ActivityLink> Links(IEnumerable<string?> senders) => senders
        .Distinct(StringComparer.Ordinal)
        .Select(ContextOf)
        .Where(context => context != default)
        .Take(MaxLinks)
        .Select(context => new ActivityLink(context));

    /// <summary>What senders wrote and can't be read counts as nothing.</summary>
    private static ActivityContext ContextOf(string? traceParent) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context) ? context : default;
}
