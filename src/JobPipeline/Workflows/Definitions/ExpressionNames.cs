namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Finds the names that an expression uses, from its text. Only the values that it names are read when it is evaluated.
/// </summary>
internal static class ExpressionNames
{
    /// <summary>Returns the ids of the steps that the expression uses.</summary>
    public static IEnumerable<string> Steps(string expression) =>
        ExpressionPaths.Of(expression)
            .Where(path => path is [ExpressionScope.AllSteps, _, ..])
            .Select(path => path[1])
            .Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Whether the expression may use the input. False only if that is certain: the expression neither names the input nor uses
    /// the whole document.
    /// </summary>
    public static bool MayUseInput(string expression) =>
        expression.Contains(ExpressionScope.Input, StringComparison.Ordinal)
        || expression.AsSpan().ContainsAny('@', '*', '$')
        || expression.Contains('\\', StringComparison.Ordinal);
}
