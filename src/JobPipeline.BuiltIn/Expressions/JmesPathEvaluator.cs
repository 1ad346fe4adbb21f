using System.Buffers;
using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Evaluates JMESPath (https://jmespath.org), parsed by JmesPath.Net. Unlike in that library, numbers keep all digits and are compared and
/// computed with by value; see docs/adr/0013.
/// </summary>
internal sealed class JmesPathEvaluator : IExpressionEvaluator
{
    /// <summary>The maximum nesting depth of values.</summary>
    public const int MaxDepth = 512;

    private const int MaxLength = 1000;

    /// <summary>Characters with which an expression may use the document as a whole, or spell a name differently.</summary>
    private static readonly SearchValues<char> SeeAll = SearchValues.Create("@*$\\");

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 * MaxDepth };

    public string? Check(string expression)
    {
        if (expression.Length is 0 or > MaxLength)
            return expression.Length == 0 ? "it is empty" : $"it has {expression.Length} characters; the maximum is {MaxLength}";
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
            if (PlainPath.TryFind(expression, document, out var found))
            {
                // An object or a list takes the same way as the result of any other expression, so that it is written the same.
                return found.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                    ? Parse(TokenWriter.Write(TokenReader.Read(found)))
                    : found;
            }

            var value = new ParsedExpression(expression).Evaluate(Visible(document, expression));
            return Parse(TokenWriter.Write(value));
        }
        catch (Exception e)
        {
            throw new WorkflowExpressionException($"'{expression}' can't be evaluated: {e.Message}", e);
        }
    }

    private static JsonElement Parse(string json)
    {
        // Not disposed: the returned value belongs to the document.
        var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), Options);
        return document.RootElement;
    }

    /// <summary>
    /// Returns the document without the members that the expression does not name, so that a large input is not converted again for
    /// each of its items.
    /// </summary>
    private static JToken Visible(JsonElement document, string expression)
    {
        var roots = expression.Replace("[*]", "", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal);
        return document.ValueKind != JsonValueKind.Object || roots.AsSpan().ContainsAny(SeeAll)
            ? TokenReader.Read(document)
            : TokenReader.ReadMembers(document, name => expression.Contains(name, StringComparison.Ordinal));
    }
}
