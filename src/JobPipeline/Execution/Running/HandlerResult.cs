using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Running;

/// <summary>The result of running a handler: an outcome or an exception, and what interrupted it.</summary>
internal readonly record struct HandlerResult(JobOutcome? Outcome, Exception? Error, ErrorKind? Interruption, TimeSpan Duration);
