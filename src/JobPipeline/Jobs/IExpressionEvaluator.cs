using System.Text.Json;

namespace JobPipeline.Jobs;

/// <summary>Evaluates the expressions between <c>${{</c> and <c>}}</c>.</summary>
public interface IExpressionEvaluator
{
    /// <summary>Checks the syntax of an expression. Returns what is wrong with it, or null if it is valid.</summary>
    string? Check(string expression);

    /// <summary>Evaluates an expression over a document. Returns JSON null for a missing value.</summary>
    /// <exception cref="WorkflowExpressionException">The expression can't be evaluated over this document.</exception>
    JsonElement Evaluate(string expression, JsonElement document);
}

/// <summary>
/// The exception that is thrown when an expression can't be evaluated; the message names the expression and the cause.
/// </summary>
public sealed class WorkflowExpressionException : Exception
{
    public WorkflowExpressionException()
    {
    }

    public WorkflowExpressionException(string message) : base(message)
    {
    }

    public WorkflowExpressionException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
