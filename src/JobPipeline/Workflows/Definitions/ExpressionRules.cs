using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Validates the expressions of a template without evaluating them.</summary>
internal sealed class ExpressionRules(IExpressionEvaluator evaluator)
{
    private const string Unclosed =
        "an expression begins with ${{ and is not closed with }}; to write the characters themselves, use ${{ '${{' }}";

    public IEnumerable<ValidationError> Errors(string path, JsonElement template, ExpressionScope sight)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            yield break;
        foreach (var where in Template.Unclosed(template))
            yield return new ValidationError(At(path, where), Unclosed);
        foreach (var (where, expression) in Template.Expressions(template))
        {
            foreach (var error in ErrorsOf(At(path, where), expression, sight))
                yield return error;
        }
    }

    public IEnumerable<ValidationError> Errors(string path, string template, ExpressionScope sight)
    {
        if (TemplatePart.IsUnclosed(template))
            yield return new ValidationError(path, Unclosed);
        foreach (var expression in Template.Expressions(template))
        {
            foreach (var error in ErrorsOf(path, expression, sight))
                yield return error;
        }
    }

    private IEnumerable<ValidationError> ErrorsOf(string path, string expression, ExpressionScope sight) =>
        evaluator.Check(expression) is { } wrong
            ? [new ValidationError(path, $"'{expression}' is not a valid expression: {wrong}")]
            : ExpressionPaths.Of(expression).Select(sight.ErrorOf).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(error => new ValidationError(path, error));

    private static string At(string path, string where) =>
        where.Length == 0 ? path : where[0] == '[' ? $"{path}{where}" : $"{path}.{where}";
}
