namespace JobPipeline.Workflows.Definitions;

/// <summary>The names that an expression uses, as far as its text says: only what it names is read when it is evaluated.</summary>
internal static class ExpressionNames
{
    /// <summary>The steps that it uses.</summary>
    public static IEnumerable<string> Steps(string expression) =>
        ExpressionPaths.Of(expression)
            .Where(path => path is [Sight.AllSteps, _, ..])
            .Select(path => path[1])
            .Distinct(StringComparer.Ordinal);

    /// <summary>False only where it is certain: it neither names the input nor takes all there is.</summary>
    public static bool MayUseInput(string expression) =>
        expression.Contains(Sight.Input, StringComparison.Ordinal)
        || expression.AsSpan().ContainsAny('@', '*', '$')
        || expression.Contains('\\', StringComparison.Ordinal);
}
