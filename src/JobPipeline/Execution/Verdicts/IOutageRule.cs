namespace JobPipeline.Execution.Verdicts;

/// <summary>Classifies exceptions that another try may or may not avoid, such as those of a storage client.</summary>
public interface IOutageRule
{
    /// <summary>
    /// True for an outage: another try may succeed. False for a failure that is the same at every try, such as a row that is too
    /// large. Null when the rule does not know the exception.
    /// </summary>
    bool? IsOutage(Exception error);
}
