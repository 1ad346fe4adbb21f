using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>The class of a failure, and for a throttled one the delay before the next try.</summary>
public readonly record struct ErrorClass(ErrorKind Kind, TimeSpan? RetryAfter = null);

/// <summary>A rule of the error classifier. User code and adapters register their own.</summary>
public interface IErrorRule
{
    /// <summary>
    /// The place of the rule; lower ones are asked first. The default is 0; the rules of the pipeline's own adapters have 1000.
    /// </summary>
    int Order => 0;

    /// <summary>Classifies an exception. Null: the rule does not apply.</summary>
    ErrorClass? Classify(Exception error);
}
