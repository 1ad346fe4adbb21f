using System.Buffers;
using System.Text;
using System.Text.Json;
using JobPipeline.Workflows.Definitions;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// JMESPath (https://jmespath.org), read by JmesPath.Net. Numbers keep their digits and are compared and computed with by value,
/// which that library does not do: docs/adr/0013.
/// </summary>
internal sealed class JmesPathEvaluator : IExpressionEvaluator
{
    /// <summary>How deep values may be nested.</summary>
    public const int MaxDepth = 512;

    private const int MaxLength = 1000;

    /// <summary>With one of these an expression may see the document as a whole, or write a name in another way.</summary>
    private static readonly SearchValues<char> SeeAll = SearchValues.Create("@*$\\");

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * MaxDepth };

    public string? Check(string expression)
    {
        if (expression.Length is 0 or > MaxLength)
            return expression.Length == 0 ? "it is empty" : $"it has {expression.Length} characters; at most {MaxLength} are taken";
        try
        {
            _ = new ParsedExpression(expression);
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
            var value = new ParsedExpression(expression).Evaluate(Visible(document, expression));
            return Parse(TokenWriter.Write(value));
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"'{expression}' can't be worked out: {e.Message}", e);
        }
    }

    private static JsonElement Parse(string json)
    {
        // Not disposed of: the value would go with it.
        var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), Options);
        return document.RootElement;
    }

    /// <summary>
    /// The document without the members that the expression does not name: a large input must not cost each of the items that
    /// it has.
    /// </summary>
    private static JToken Visible(JsonElement document, string expression)
    {
        var roots = expression.Replace("[*]", "", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal);
        return document.ValueKind != JsonValueKind.Object || roots.AsSpan().ContainsAny(SeeAll)
            ? TokenReader.Read(document)
            : TokenReader.ReadMembers(document, name => expression.Contains(name, StringComparison.Ordinal));
    }
}
