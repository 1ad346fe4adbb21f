using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Running;

/// <summary>What a handler did: an outcome, or an exception, and whose token it was that cut it short.</summary>
internal readonly record struct HandlerResult(JobOutcome? Outcome, Exception? Error, ErrorKind? Interruption, TimeSpan Duration);
