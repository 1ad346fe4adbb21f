namespace JobPipeline.Execution.Verdicts;

/// <summary>Says of an exception that a storage client throws whether it may pass.</summary>
public interface IOutageRule
{
    /// <summary>
    /// True for an outage: another try may succeed. False for a failure that is the same at every try, such as a row that is too
    /// large. Null where the rule does not know the exception.
    /// </summary>
    bool? IsOutage(Exception error);
}
