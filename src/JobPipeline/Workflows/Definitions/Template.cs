using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// JSON with expressions in its texts. A text that is one expression becomes the value itself, whatever its kind; in a
/// longer text each expression becomes text.
/// </summary>
public static class Template
{
    /// <summary>Every expression in the template, and the path of the text that it stands in.</summary>
    public static IEnumerable<(string Path, string Expression)> Expressions(JsonElement template) =>
        Texts(template, "").SelectMany(text => TemplatePart.Of(text.Text).Where(part => part.IsExpression).Select(part => (text.Path, part.Text)));

    /// <inheritdoc cref="Expressions(JsonElement)"/>
    public static IEnumerable<string> Expressions(string template) => TemplatePart.Of(template).Where(part => part.IsExpression).Select(part => part.Text);

    /// <summary>The paths of the texts in which an expression begins and does not end.</summary>
    internal static IEnumerable<string> Unclosed(JsonElement template) =>
        Texts(template, "").Where(text => TemplatePart.IsUnclosed(text.Text)).Select(text => text.Path);

    /// <summary>The template with every expression replaced by its value.</summary>
    /// <exception cref="WorkflowExpressionException">An expression can't be worked out.</exception>
    public static JsonElement Fill(JsonElement template, JsonElement document, IExpressionEvaluator evaluator)
    {
        if (template.ValueKind == JsonValueKind.Undefined)
            return template;
        var filled = Fill(template, text => FillText(text, document, evaluator));
        return JsonSerializer.SerializeToElement(filled);
    }

    /// <summary>The value of a text with expressions in it.</summary>
    /// <inheritdoc cref="Fill(JsonElement, JsonElement, IExpressionEvaluator)" path="/exception"/>
    public static JsonElement Fill(string template, JsonElement document, IExpressionEvaluator evaluator) =>
        JsonSerializer.SerializeToElement(FillText(template, document, evaluator));

    /// <summary>The template with null in place of every text that has an expression in it: what is known of it before it is filled.</summary>
    internal static JsonElement Blank(JsonElement template) =>
        JsonSerializer.SerializeToElement(Fill(template, text => TemplatePart.Of(text).Exists(part => part.IsExpression) ? null : JsonValue.Create(text)));

    private static JsonNode? Fill(JsonElement template, Func<string, JsonNode?> fill)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                var filled = new JsonObject();
                foreach (var member in template.EnumerateObject())
                    filled[member.Name] = Fill(member.Value, fill);
                return filled;
            case JsonValueKind.Array:
                return new JsonArray([.. template.EnumerateArray().Select(item => Fill(item, fill))]);
            case JsonValueKind.String:
                return fill(template.GetString()!);
            default:
                return JsonNode.Parse(template.GetRawText());
        }
    }

    private static JsonNode? FillText(string text, JsonElement document, IExpressionEvaluator evaluator)
    {
        var parts = TemplatePart.Of(text);
        if (parts is [{ IsExpression: true } only])
            return JsonNode.Parse(evaluator.Evaluate(only.Text, document).GetRawText());
        var filled = new StringBuilder();
        foreach (var part in parts)
            filled.Append(part.IsExpression ? AsText(evaluator.Evaluate(part.Text, document)) : part.Text);
        return JsonValue.Create(filled.ToString());
    }

    private static string AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static IEnumerable<(string Path, string Text)> Texts(JsonElement template, string path) => template.ValueKind switch
    {
        JsonValueKind.String => [(path, template.GetString()!)],
        JsonValueKind.Object => template.EnumerateObject().SelectMany(member => Texts(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => template.EnumerateArray().SelectMany((item, index) => Texts(item, $"{path}[{index}]")),
        _ => [],
    };
}
