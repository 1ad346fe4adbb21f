using System.Text.RegularExpressions;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// The names that an expression uses, as far as its text tells: only what it names is read when it is worked out. Texts
/// within it are no names.
/// </summary>
internal static partial class ExpressionNames
{
    /// <summary>The steps that it uses.</summary>
    public static IEnumerable<string> Steps(string expression) =>
        StepName().Matches(WithoutTexts(expression)).Select(match => match.Groups["step"].Value).Distinct(StringComparer.Ordinal);

    /// <summary>True when it asks for the steps without naming one.</summary>
    public static bool UsesStepsAsAWhole(string expression)
    {
        var names = WithoutTexts(expression);
        return StepsName().Count(names) > StepName().Count(names);
    }

    /// <summary>False only where it is certain: it neither names the input nor takes all there is.</summary>
    public static bool MayUseInput(string expression) =>
        expression.Contains("input", StringComparison.Ordinal) || expression.AsSpan().ContainsAny('@', '*', '$') || expression.Contains('\\', StringComparison.Ordinal);

    public static bool UsesItem(string expression) => ItemName().IsMatch(WithoutTexts(expression));

    private static string WithoutTexts(string expression) => Text().Replace(expression, "''");

    [GeneratedRegex(@"'[^']*'|`[^`]*`", RegexOptions.NonBacktracking)]
    private static partial Regex Text();

    [GeneratedRegex(@"(^|[^\w.""]|[@$]\.)steps\.""?(?<step>[A-Za-z][A-Za-z0-9_]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex StepName();

    /// <summary>As a name of its own: neither a member of something nor a key.</summary>
    [GeneratedRegex(@"(^|[^\w.""]|[@$]\.)steps([^\w:""]|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex StepsName();

    /// <inheritdoc cref="StepsName"/>
    [GeneratedRegex(@"(^|[^\w.""]|[@$]\.)item([^\w:""]|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ItemName();
}
