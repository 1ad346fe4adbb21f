using System.Diagnostics;
using JobPipeline.Jobs;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The span of an attempt. Sampling is decided at the start of a trace, but a failure is only known at the end of an attempt. A
/// failed attempt that was not sampled therefore gets its span afterwards, with its original start time, so that every failure has a
/// trace.
/// </summary>
internal sealed class AttemptSpan(Activity? span, AttemptTrace attempt) : IDisposable
{
    private Activity? _span = span;

    /// <summary>Ends the span after the verdict was recorded.</summary>
    public void End(AttemptOutcome outcome, AttemptError? error)
    {
        if (error is not null)
            Keep();
        if (_span is not { IsAllDataRequested: true } span)
            return;
        Describe(span).SetTag(AttributeNames.AttemptOutcome, Outcomes.OfAttempts[(int)outcome]);
        if (error is not null)
            Fail(span, error);
    }

    /// <summary>Ends the span after the verdict could not be stored.</summary>
    public void End(Exception error)
    {
        Keep();
        if (_span is { } span)
            JobTracing.Fail(Describe(span), error.GetType().FullName ?? error.GetType().Name);
    }

    public void Dispose() => _span?.Dispose();

    private void Keep()
    {
        _span ??= JobTracing.StartKept(attempt);
        if (_span is null)
            return;
        // A span that was started but not sampled only propagates its context, and has no attributes until now.
        _span.IsAllDataRequested = true;
        _span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
    }

    private static void Fail(Activity span, AttemptError error)
    {
        JobTracing.Fail(span, error.Type);
        // By the semantic conventions for exceptions, except for the message, which may quote a payload.
        span.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection
        {
            ["exception.type"] = error.Type,
            ["exception.message"] = $"{error.Type}: the message is stored with the job",
            ["exception.stacktrace"] = error.Stack ?? "",
        }));
        span.SetTag(AttributeNames.ErrorKind, error.Kind.ToString());
    }

    private Activity Describe(Activity span)
    {
        JobTracing.DescribeAttempt(span, attempt.KnownType ?? JobMetrics.UnknownType)
            .SetTag(AttributeNames.Destination, attempt.Queue)
            .SetTag(AttributeNames.MessageId, attempt.MessageId)
            .SetTag(AttributeNames.ConversationId, attempt.CorrelationId)
            .SetTag(AttributeNames.JobId, attempt.Job.ToString())
            .SetTag(AttributeNames.JobType, attempt.Type)
            .SetTag(AttributeNames.Attempt, attempt.Attempt);
        if (attempt.Workflow is not null)
            span.SetTag(AttributeNames.WorkflowId, attempt.Workflow).SetTag(AttributeNames.WorkflowStep, attempt.Step);
        return span;
    }
}
