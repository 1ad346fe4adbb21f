using System.Text.Json;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The expressions between <c>${{</c> and <c>}}</c>.</summary>
public interface IExpressionEvaluator
{
    /// <summary>What is wrong with the expression as it is written; null: nothing.</summary>
    string? Check(string expression);

    /// <summary>The value that the expression gives over a document; JSON null for what is not there.</summary>
    /// <exception cref="WorkflowExpressionException">It can't be worked out for this document.</exception>
    JsonElement Evaluate(string expression, JsonElement document);
}

/// <summary>An expression could not be worked out; the message tells which and why.</summary>
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
