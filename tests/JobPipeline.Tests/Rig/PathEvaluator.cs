using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Rig;

/// <summary>Evaluates paths such as <c>steps.a.output</c>; the evaluation of <c>input.fail</c> fails.</summary>
internal sealed class PathEvaluator : IExpressionEvaluator
{
    public string? Check(string expression) => expression.Length == 0 ? "it is empty" : null;

    public JsonElement Evaluate(string expression, JsonElement document)
    {
        if (expression == "input.fail")
            throw new WorkflowExpressionException("'input.fail' can't be worked out");
        foreach (var name in expression.Split('.'))
        {
            if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty(name, out document))
                return JsonElement.Parse("null");
        }

        return document;
    }
}
