using System.Buffers;
using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// A JSON value with expressions in its strings. A string that consists of one expression is replaced with the value of that
/// expression, whatever its kind. In a longer string, each expression is replaced with text.
/// </summary>
internal static class Template
{
    /// <summary>Returns every expression in the template, with the path of the string that contains it.</summary>
    public static IEnumerable<(string Path, string Expression)> Expressions(JsonElement template) =>
        Texts(template, "").SelectMany(text =>
            TemplatePart.Of(text.Text).Where(part => part.IsExpression).Select(part => (text.Path, part.Text)));

    /// <inheritdoc cref="Expressions(JsonElement)"/>
    public static IEnumerable<string> Expressions(string template) =>
        TemplatePart.Of(template).Where(part => part.IsExpression).Select(part => part.Text);

    /// <summary>Returns the paths of the strings that contain an expression without its closing braces.</summary>
    internal static IEnumerable<string> Unclosed(JsonElement template) =>
        Texts(template, "").Where(text => TemplatePart.IsUnclosed(text.Text)).Select(text => text.Path);

    /// <summary>Replaces every expression in the template with its value.</summary>
    /// <exception cref="WorkflowExpressionException">An expression can't be evaluated, or the result is too large.</exception>
    public static JsonElement Fill(JsonElement template, JsonElement document, IExpressionEvaluator evaluator) =>
        template.ValueKind == JsonValueKind.Undefined
            ? template
            : Written(filled => Write(filled, template, text => FillText(filled, text, document, evaluator, JobLimits.MaxPayloadBytes)));

    /// <summary>Evaluates a string with expressions in it.</summary>
    /// <inheritdoc cref="Fill(JsonElement, JsonElement, IExpressionEvaluator)" path="/exception"/>
    public static JsonElement Fill(string template, JsonElement document, IExpressionEvaluator evaluator) =>
        Fill(template, document, evaluator, JobLimits.MaxPayloadBytes);

    /// <summary>Evaluates a string with expressions in it to a value of at most <paramref name="maxBytes"/> bytes.</summary>
    internal static JsonElement Fill(string template, JsonElement document, IExpressionEvaluator evaluator, int maxBytes) =>
        Written(filled => FillText(filled, template, document, evaluator, maxBytes));

    /// <summary>
    /// Replaces every string that contains an expression with null, which leaves the parts of the template that are known before
    /// it is evaluated.
    /// </summary>
    internal static JsonElement Blank(JsonElement template) => Written(blank => Write(blank, template, text =>
    {
        if (TemplatePart.Of(text).Exists(part => part.IsExpression))
            blank.WriteNullValue();
        else
            blank.WriteStringValue(text);
    }));

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return JobJson.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement template, Action<string> writeText)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in template.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, writeText);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray())
                    Write(writer, item, writeText);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writeText(template.GetString()!);
                break;
            default:
                template.WriteTo(writer);
                break;
        }
    }

    private static void FillText(Utf8JsonWriter writer, string text, JsonElement document, IExpressionEvaluator evaluator, int maxBytes)
    {
        var parts = TemplatePart.Of(text);
        if (parts is [{ IsExpression: true } only])
        {
            evaluator.Evaluate(only.Text, document).WriteTo(writer);
        }
        else
        {
            var filled = new StringBuilder();
            foreach (var part in parts)
                filled.Append(part.IsExpression ? AsText(evaluator.Evaluate(part.Text, document)) : part.Text);
            writer.WriteStringValue(filled.ToString());
        }

        // One large value may be used many times.
        if (writer.BytesCommitted + writer.BytesPending > maxBytes)
            throw new WorkflowExpressionException($"the value has more than {maxBytes} bytes after its expressions were evaluated");
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
        JsonValueKind.Object => template.EnumerateObject()
            .SelectMany(member => Texts(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => template.EnumerateArray().SelectMany((item, index) => Texts(item, $"{path}[{index}]")),
        _ => [],
    };
}
