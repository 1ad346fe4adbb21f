using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Running;

/// <summary>What a run of a handler came to: an outcome or an exception, and what interrupted it.</summary>
internal readonly record struct HandlerResult(JobOutcome? Outcome, Exception? Error, ErrorKind? Interruption, TimeSpan Duration);
