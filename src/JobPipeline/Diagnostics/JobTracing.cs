using System.Diagnostics;
using JobPipeline.Jobs;

namespace JobPipeline.Diagnostics;

/// <summary>
/// Creates the spans of the pipeline. The context travels as <c>traceparent</c> in the message: the span of a producer is the parent
/// of every attempt, and the span of an attempt is the parent of the jobs that it enqueues. If the sender's trace is not sampled, an
/// attempt has no span and its jobs propagate the sender's context; a failed attempt gets a span nevertheless
/// (<see cref="AttemptSpan"/>).
/// </summary>
internal static class JobTracing
{
    /// <summary>The semantic conventions define no value for Azure Storage queues.</summary>
    private const string System = "azure_storage_queues";
    private const string Send = "send";
    private const string Process = "process";
    private const string Receive = "receive";
    private const string Advance = "advance";
    private const int MaxLinks = 32;
    private const int TraceParentLength = 55;

    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>Starts the span around sending one job. Jobs created meanwhile carry its context.</summary>
    /// <param name="type">The job type.</param>
    /// <param name="traceParent">The trace that the job belongs to, if there is no current span.</param>
    public static Activity? StartSend(string type, string? traceParent)
    {
        var span = Activity.Current is null
            ? Source.StartActivity(Send, ActivityKind.Producer, ContextOf(traceParent))
            : Source.StartActivity(Send, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            Describe(span, Send, type).SetTag(AttributeNames.JobType, type);
        return span;
    }

    /// <summary>Starts the span around sending many jobs.</summary>
    public static Activity? StartSendMany(int count)
    {
        var span = Source.StartActivity(Send, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            Describe(span, Send, "many").SetTag(AttributeNames.BatchCount, count);
        return span;
    }

    /// <summary>Sets the attributes of the job that was sent.</summary>
    public static void Sent(Activity? span, JobId id, string queue, JobSpec spec)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag(AttributeNames.JobId, id.ToString());
        span.SetTag(AttributeNames.Destination, queue);
        span.SetTag(AttributeNames.ConversationId, spec.CorrelationId);
    }

    /// <summary>
    /// Starts the span around a packed message: it links to the spans of the senders, and the span of each attempt links to it.
    /// </summary>
    /// <param name="delivery">The message.</param>
    /// <param name="count">How many jobs it holds.</param>
    /// <param name="senders">The trace context of each of their senders.</param>
    public static Activity? StartReceive(QueueDelivery delivery, int count, IEnumerable<string?> senders)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(Receive, ActivityKind.Consumer, default(ActivityContext), links: Links(senders));
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, Receive, delivery.Queue)
                .SetTag(AttributeNames.Destination, delivery.Queue)
                .SetTag(AttributeNames.MessageId, delivery.MessageId)
                .SetTag(AttributeNames.BatchCount, count);
        }

        return span;
    }

    /// <summary>Starts the span around an attempt: from the claim to the end of its follow-ups.</summary>
    /// <returns>The span; null if there are no listeners.</returns>
    public static AttemptSpan? StartAttempt(in AttemptTrace attempt)
    {
        if (!Source.HasListeners())
            return null;
        // If the sender's trace is not sampled, a span is only created after a failure. But if the host has a current span, one is
        // needed now, so that jobs enqueued by the attempt do not become part of the host's trace.
        var mustStart = IsSampled(attempt.TraceParent) || Activity.Current is not null;
        return new AttemptSpan(mustStart ? StartProcess(ContextOf(attempt.TraceParent), attempt.StartedAt) : null, attempt);
    }

    /// <summary>Starts the span of an unsampled attempt after it has failed.</summary>
    public static Activity? StartKept(in AttemptTrace attempt)
    {
        var sender = ContextOf(attempt.TraceParent);
        // An unreadable trace context results in a new trace.
        if (sender == default)
            return StartProcess(default, attempt.StartedAt);
        var sampled = new ActivityContext(
            sender.TraceId, sender.SpanId, ActivityTraceFlags.Recorded, sender.TraceState, isRemote: true);
        return StartProcess(sampled, attempt.StartedAt);
    }

    private static Activity? StartProcess(ActivityContext sender, DateTimeOffset startedAt)
    {
        // The host's own span around this call: a packed message, or the invocation of a function.
        var around = Activity.Current?.Context;
        ActivityLink[]? links = around is { } host && sender != default && host.TraceId != sender.TraceId ? [new ActivityLink(host)] : null;
        return Source.StartActivity(Process, ActivityKind.Consumer, sender, links: links, startTime: startedAt);
    }

    /// <summary>Returns false if the sender's trace is not sampled, by the last digit of the flags in <c>traceparent</c>.</summary>
    private static bool IsSampled(string? traceParent) => traceParent is not { Length: TraceParentLength } || (traceParent[^1] & 1) == 1;

    /// <summary>
    /// Starts the span around one turn of a workflow instance: part of the trace in which it was started, with links to the causes of
    /// the turn.
    /// </summary>
    public static Activity? StartWorkflowTurn(string workflow, string instance, string? traceParent, IEnumerable<string?> causes)
    {
        if (!Source.HasListeners())
            return null;
        var links = causes
            .Distinct(StringComparer.Ordinal)
            .Select(ContextOf)
            .Where(cause => cause != default)
            .Take(MaxLinks)
            .Select(cause => new ActivityLink(cause))
            .ToList();
        var span = Source.StartActivity(Advance, ActivityKind.Internal, ContextOf(traceParent), links: links);
        if (span is not { IsAllDataRequested: true })
            return span;
        span.DisplayName = $"{Advance} {workflow}";
        span.SetTag(AttributeNames.WorkflowName, workflow).SetTag(AttributeNames.WorkflowId, instance);
        return span;
    }

    /// <summary>Keeps work that a job starts, and that continues independently, in the job's trace, sampled or not.</summary>
    public static Activity? Continue(string? traceParent) =>
        Activity.Current is null && Source.HasListeners() && ContextOf(traceParent) != default
            ? new Activity("continue").SetParentId(traceParent!).Start()
            : null;

    /// <summary>
    /// Marks a span as failed. The error's message is omitted, because it may quote a payload; it is stored with the job, under
    /// separate access control.
    /// </summary>
    public static void Fail(Activity? span, string errorType)
    {
        span?.SetTag(AttributeNames.ErrorType, errorType);
        span?.SetStatus(ActivityStatusCode.Error, errorType);
    }

    /// <summary>Sets the common attributes of the spans of attempts.</summary>
    public static Activity DescribeAttempt(Activity span, string type) => Describe(span, Process, type);

    /// <summary>
    /// Sets the common attributes of spans that handle a message. Their names contain the job type instead of the destination that
    /// the conventions use.
    /// </summary>
    private static Activity Describe(Activity span, string operation, string what)
    {
        span.DisplayName = $"{operation} {what}";
        return span
            .SetTag(AttributeNames.System, System)
            .SetTag(AttributeNames.OperationName, operation)
            .SetTag(AttributeNames.OperationType, operation);
    }

    private static IEnumerable<ActivityLink> Links(IEnumerable<string?> senders) => senders
        .Distinct(StringComparer.Ordinal)
        .Select(ContextOf)
        .Where(context => context != default)
        .Take(MaxLinks)
        .Select(context => new ActivityLink(context));

    /// <summary>Returns the sender's context, or the default if it can't be read.</summary>
    private static ActivityContext ContextOf(string? traceParent) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context)
            ? context
            : default;
}
