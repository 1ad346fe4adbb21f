using DevLab.JmesPath.Expressions;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>The operators <c>==</c> and <c>!=</c>.</summary>
internal sealed class EqualityComparison(JmesPathExpression left, JmesPathExpression right, bool isEqual)
    : JmesPathComparison(left, right, isEqual ? "==" : "!=")
{
    protected override bool? Compare(JToken left, JToken right) => TokenComparison.AreEqual(left, right) == isEqual;
}

/// <summary>The operators <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> and <c>&gt;=</c>; null if the operands have no order.</summary>
internal sealed class OrderComparison(JmesPathExpression left, JmesPathExpression right, string sign, Func<int, bool> holds)
    : JmesPathComparison(left, right, sign)
{
    protected override bool? Compare(JToken left, JToken right) => TokenComparison.TryOrder(left, right) is { } order ? holds(order) : null;
}
