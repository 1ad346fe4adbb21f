namespace JobPipeline.BuiltIn.Expressions;

/// <summary>The comparison and arithmetic operators.</summary>
internal sealed partial class ExpressionBuilder
{
    public void OnComparisonEqual() => Join((left, right) => new EqualityComparison(left, right, isEqual: true));

    public void OnComparisonNotEqual() => Join((left, right) => new EqualityComparison(left, right, isEqual: false));

    public void OnComparisonGreater() => Order(">", order => order > 0);

    public void OnComparisonGreaterOrEqual() => Order(">=", order => order >= 0);

    public void OnComparisonLesser() => Order("<", order => order < 0);

    public void OnComparisonLesserOrEqual() => Order("<=", order => order <= 0);

    public void OnArithmeticUnaryPlus() => _parts.Push(new SignExpression(_parts.Pop(), isMinus: false));

    public void OnArithmeticUnaryMinus() => _parts.Push(new SignExpression(_parts.Pop(), isMinus: true));

    public void OnArithmeticAddition() => Compute(ExactMath.Add);

    public void OnArithmeticSubtraction() => Compute((left, right) => ExactMath.Add(left, ExactMath.Negate(right)));

    public void OnArithmeticMultiplication() => Compute(ExactMath.Multiply);

    public void OnArithmeticDivision() => Compute(ExactMath.Divide);

    public void OnArithmeticModulo() => Compute(ExactMath.Remainder);

    public void OnArithmeticIntegerDivision() => Compute(ExactMath.DivideWhole);

    private void Order(string sign, Func<int, bool> holds) => Join((left, right) => new OrderComparison(left, right, sign, holds));

    private void Compute(Func<ExactNumber, ExactNumber, ExactNumber> compute) =>
        Join((left, right) => new ArithmeticExpression(left, right, compute));
}
