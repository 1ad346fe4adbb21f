using System.Diagnostics;
using JobPipeline.Jobs;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The span of an attempt. Whether a trace is kept is decided at its start, by chance; that an attempt fails is known at its
/// end. So one that nobody keeps gets its span, from its start on, when it has failed: every failure can be looked up.
/// </summary>
internal sealed class AttemptSpan(Activity? span, AttemptTrace attempt) : IDisposable
{
    private Activity? _span = span;

    /// <summary>The handler ran, or was not let run, and that is on record.</summary>
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

    /// <summary>Its outcome could not be stored.</summary>
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
        // One that was started and not kept passes its context on, and says nothing of itself until now.
        _span.IsAllDataRequested = true;
        _span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
    }

    private static void Fail(Activity span, AttemptError error)
    {
        JobTracing.Fail(span, error.Type);
        // By the conventions for exceptions, but for the message, which may quote a payload.
        span.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection
        {
            ["exception.type"] = error.Type,
            ["exception.message"] = $"{error.Type}: the text is on record with the job",
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
