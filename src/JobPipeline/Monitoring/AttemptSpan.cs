using System.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Failures;

namespace JobPipeline.Monitoring;

/// <summary>
/// The span of an attempt. Whether a trace is kept is decided at its start, by chance; that an attempt fails is known at its
/// end. So one that nobody keeps is described and recorded after all when it fails: every failure can be looked up.
/// </summary>
internal readonly struct AttemptSpan(Activity? span, JobExecution job, int attempt) : IDisposable
{
    /// <summary>The handler ran, or was not let run, and that is on record.</summary>
    public void End(JobEnding ending)
    {
        if (span is null)
            return;
        var error = ending switch { JobEnding.Retried retried => retried.Error, JobEnding.Buried buried => buried.Error, _ => null };
        if (error is not null)
            Keep(span);
        if (!span.IsAllDataRequested)
            return;
        Describe(span).SetTag(AttributeNames.AttemptOutcome, Outcomes.Of(ending));
        if (error is not null)
            Fail(span, error);
    }

    /// <summary>Its outcome could not be stored.</summary>
    public void End(Exception error)
    {
        if (span is null)
            return;
        Keep(span);
        JobTracing.Fail(Describe(span), error.GetType().FullName ?? error.GetType().Name);
    }

    public void Dispose() => span?.Dispose();

    private static void Keep(Activity span)
    {
        span.IsAllDataRequested = true;
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
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
            .SetTag(AttributeNames.Attempt, attempt);
        if (job.Spec.Workflow is { } step)
            span.SetTag(AttributeNames.WorkflowId, step.Instance).SetTag(AttributeNames.WorkflowStep, step.Run.Step);
        return span;
    }
}
