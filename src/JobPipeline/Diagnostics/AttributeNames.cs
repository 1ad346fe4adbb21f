namespace JobPipeline.Diagnostics;

/// <summary>
/// The names of the attributes of metrics and spans: those of the semantic conventions for messaging where they exist
/// (https://opentelemetry.io/docs/specs/semconv/messaging), otherwise <c>jobpipeline.*</c>. The table in docs/metrics.md lists
/// them all.
/// </summary>
internal static class AttributeNames
{
    public const string JobType = "jobpipeline.job.type";
    public const string JobId = "jobpipeline.job.id";
    public const string JobOutcome = "jobpipeline.job.outcome";
    public const string Attempt = "jobpipeline.attempt";
    public const string AttemptOutcome = "jobpipeline.attempt.outcome";
    public const string DeferReason = "jobpipeline.defer.reason";
    public const string DeadLetterReason = "jobpipeline.dead_letter.reason";
    public const string TargetMet = "jobpipeline.target.met";
    public const string ErrorKind = "jobpipeline.error.kind";
    public const string CircuitName = "jobpipeline.circuit.name";
    public const string CircuitState = "jobpipeline.circuit.state";
    public const string InstanceKind = "jobpipeline.instance.kind";
    public const string RetentionKind = "jobpipeline.retention.kind";
    public const string WorkflowName = "jobpipeline.workflow.name";
    public const string WorkflowStatus = "jobpipeline.workflow.status";
    public const string WorkflowState = "jobpipeline.workflow.state";
    public const string WorkflowId = "jobpipeline.workflow.id";
    public const string WorkflowStep = "jobpipeline.workflow.step";

    public const string ErrorType = "error.type";
    public const string System = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string BatchCount = "messaging.batch.message_count";
    public const string MessageId = "messaging.message.id";
    public const string ConversationId = "messaging.message.conversation_id";
}
