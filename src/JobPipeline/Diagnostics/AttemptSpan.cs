using System.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Instances;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The span of an attempt. Whether a trace is kept is decided at its start, by chance; that an attempt fails is known at its
/// end. So one that nobody keeps gets its span, from its start on, when it has failed: every failure can be looked up.
/// </summary>
internal sealed class AttemptSpan(Activity? span, JobExecution job, Attempt row) : IDisposable
{
    private Activity? _span = span;

    /// <summary>The handler ran, or was not let run, and that is on record.</summary>
    public void End(AttemptVerdict ending)
    {
        var error = ending.Failure;
        if (error is not null)
            Keep();
        if (_span is not { IsAllDataRequested: true } span)
            return;
        Describe(span).SetTag(AttributeNames.AttemptOutcome, Outcomes.OfAttempts[(int)Outcomes.Of(ending)]);
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
        _span ??= JobTracing.StartKept(job, row.StartedAt);
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
        JobTracing.DescribeAttempt(span, job.Descriptor?.Type ?? JobMetrics.UnknownType)
            .SetTag(AttributeNames.Destination, job.Lane)
            .SetTag(AttributeNames.MessageId, job.Delivery.MessageId)
            .SetTag(AttributeNames.ConversationId, job.Spec.CorrelationId)
            .SetTag(AttributeNames.JobId, job.Id.ToString())
            .SetTag(AttributeNames.JobType, job.Spec.Type)
            .SetTag(AttributeNames.Attempt, row.Number);
        if (job.Spec.Workflow is { } step)
            span.SetTag(AttributeNames.WorkflowId, step.Instance).SetTag(AttributeNames.WorkflowStep, step.Run.Step);
        return span;
    }
}
