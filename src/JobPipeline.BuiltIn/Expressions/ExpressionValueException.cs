namespace JobPipeline.BuiltIn.Expressions;

/// <summary>A value does not fit what an expression does with it. The message is for people.</summary>
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
