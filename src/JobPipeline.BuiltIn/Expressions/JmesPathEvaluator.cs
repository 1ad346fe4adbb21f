using System.Buffers;
using System.Text.Json;
using DevLab.JmesPath;
using JobPipeline.Workflows;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>JMESPath (https://jmespath.org), by JmesPath.Net. Its errors are exceptions of no type of their own.</summary>
internal sealed class JmesPathEvaluator : IExpressionEvaluator
{
    private const int MaxLength = 1000;

    /// <summary>With one of these an expression may see the document as a whole, or write a name in another way.</summary>
    private static readonly SearchValues<char> SeeAll = SearchValues.Create("@*$\\");

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
            return JsonElement.Parse(_language.Transform(Visible(document, expression), expression));
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"'{expression}' can't be worked out: {e.Message}", e);
        }
    }

    /// <summary>The document without the members that the expression does not name: a large input must not cost each of the items that it has.</summary>
    private static string Visible(JsonElement document, string expression)
    {
        var roots = expression.Replace("[*]", "", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal);
        if (document.ValueKind != JsonValueKind.Object || roots.AsSpan().ContainsAny(SeeAll))
            return document.GetRawText();
        var members = document.EnumerateObject().Where(member => expression.Contains(member.Name, StringComparison.Ordinal));
        return $"{{{string.Join(',', members.Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}"))}}}";
    }
}
