using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Workflows.Definitions;

/// <summary>Evaluates the simplest expressions: names separated by dots. JMESPath itself belongs to another project.</summary>
internal sealed class BracketEvaluator : IExpressionEvaluator
{
    public string? Check(string expression) => expression.Contains("((", StringComparison.Ordinal) ? "a bracket is open" : null;

    public JsonElement Evaluate(string expression, JsonElement document)
    {
        var at = document;
        foreach (var name in expression.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return JsonElement.Parse("null");
        }

        return at;
    }
}
