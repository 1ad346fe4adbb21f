using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Validates the expressions of a template without evaluating them.</summary>
internal sealed class ExpressionRules(IExpressionEvaluator evaluator)
{
    private const string Unclosed =
        "an expression begins with ${{ and is not closed with }}; to write the characters themselves, use ${{ '${{' }}";

    public IEnumerable<FieldFault> Faults(string path, JsonElement template, Sight sight)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            yield break;
        foreach (var where in Template.Unclosed(template))
            yield return new FieldFault(At(path, where), Unclosed);
        foreach (var (where, expression) in Template.Expressions(template))
        {
            foreach (var fault in FaultsOf(At(path, where), expression, sight))
                yield return fault;
        }
    }

    public IEnumerable<FieldFault> Faults(string path, string template, Sight sight)
    {
        if (TemplatePart.IsUnclosed(template))
            yield return new FieldFault(path, Unclosed);
        foreach (var expression in Template.Expressions(template))
        {
            foreach (var fault in FaultsOf(path, expression, sight))
                yield return fault;
        }
    }

    private IEnumerable<FieldFault> FaultsOf(string path, string expression, Sight sight) =>
        evaluator.Check(expression) is { } wrong
            ? [new FieldFault(path, $"'{expression}' is not a valid expression: {wrong}")]
            : ExpressionPaths.Of(expression).Select(sight.FaultOf).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(fault => new FieldFault(path, fault));

    private static string At(string path, string where) =>
        where.Length == 0 ? path : where[0] == '[' ? $"{path}{where}" : $"{path}.{where}";
}
