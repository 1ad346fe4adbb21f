using System.Text.Json;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Testing;

/// <summary>
/// Stands in where the author registered no evaluator: workflows without expressions run, others are refused with what to add.
/// </summary>
internal sealed class NoExpressions : IExpressionEvaluator
{
    private const string Missing =
        "needs an evaluator. In ConfigureServices, call services.AddBuiltInJobs(configuration) of JobPipeline.BuiltIn for JMESPath, or "
            + "register an IExpressionEvaluator";

    public string? Check(string expression) => $"the expression '{expression}' {Missing}";

    public JsonElement Evaluate(string expression, JsonElement document) => throw new WorkflowExpressionException(Check(expression)!);
}
