using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Testing;

/// <summary>
/// The evaluator that is used if none is registered. Workflows without expressions run; others are rejected with a message that
/// states what to register.
/// </summary>
internal sealed class NoExpressions : IExpressionEvaluator
{
    private const string Missing =
        "needs an evaluator. In ConfigureServices, call services.AddBuiltInJobs(configuration) of JobPipeline.BuiltIn for JMESPath, or "
            + "register an IExpressionEvaluator";

    public string? Check(string expression) => $"the expression '{expression}' {Missing}";

    public JsonElement Evaluate(string expression, JsonElement document) => throw new WorkflowExpressionException(Check(expression)!);
}
