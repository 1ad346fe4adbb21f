using System.Text.Json;
using DevLab.JmesPath;
using JobPipeline.Workflows;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>JMESPath (https://jmespath.org), by JmesPath.Net. Its errors are exceptions of no type of their own.</summary>
internal sealed class JmesPathEvaluator : IExpressionEvaluator
{
    private const int MaxLength = 1000;

    private readonly JmesPath _language = new();

    public string? Check(string expression)
    {
        if (expression.Length is 0 or > MaxLength)
            return expression.Length == 0 ? "it is empty" : $"it has {expression.Length} characters; at most {MaxLength} are taken";
        try
        {
            _language.Parse(expression);
            return null;
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }

    public JsonElement Evaluate(string expression, JsonElement document)
    {
        try
        {
            return JsonElement.Parse(_language.Transform(document.GetRawText(), expression));
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"'{expression}' can't be worked out: {e.Message}", e);
        }
    }
}
