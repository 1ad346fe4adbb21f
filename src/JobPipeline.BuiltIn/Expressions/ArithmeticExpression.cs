using DevLab.JmesPath.Expressions;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>An arithmetic operator; null if an operand is not a number.</summary>
internal sealed class ArithmeticExpression(
    JmesPathExpression left, JmesPathExpression right, Func<ExactNumber, ExactNumber, ExactNumber> compute)
    : JmesPathCompoundExpression(left, right)
{
    protected override JmesPathArgument Transform(JToken json)
    {
        var (left, right) = (Left.Transform(json).AsJToken(), Right.Transform(json).AsJToken());
        return Tokens.IsNumber(left) && Tokens.IsNumber(right)
            ? Tokens.Of(compute(Tokens.Number(left), Tokens.Number(right)))
            : ValueFunction.Null;
    }
}

/// <summary>A sign before a number; null if the operand is not a number.</summary>
internal sealed class SignExpression(JmesPathExpression operand, bool isMinus) : JmesPathSimpleExpression(operand)
{
    protected override JmesPathArgument Transform(JToken json)
    {
        var value = Expression.Transform(json).AsJToken();
        return !Tokens.IsNumber(value) ? ValueFunction.Null : isMinus ? Tokens.Of(ExactMath.Negate(Tokens.Number(value))) : value;
    }
}
