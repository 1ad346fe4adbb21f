namespace JobPipeline.BuiltIn.Expressions;

/// <summary>An expression cannot be evaluated for its values. The message is shown to users.</summary>
internal sealed class ExpressionValueException : Exception
{
    public ExpressionValueException()
    {
    }

    public ExpressionValueException(string message) : base(message)
    {
    }

    public ExpressionValueException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
