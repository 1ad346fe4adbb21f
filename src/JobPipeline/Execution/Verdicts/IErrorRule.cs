using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>What a failure means, and for a throttled one when to come back.</summary>
public readonly record struct ErrorClass(ErrorKind Kind, TimeSpan? RetryAfter = null);

/// <summary>One rule of the classifier; user code and adapters register their own.</summary>
public interface IErrorRule
{
    /// <summary>Of rules with a lower order more is known: they are asked first. Default 0; the rules of the pipeline's own adapters have 1000.</summary>
    int Order => 0;

    /// <summary>Null: no opinion.</summary>
    ErrorClass? Classify(Exception error);
}
