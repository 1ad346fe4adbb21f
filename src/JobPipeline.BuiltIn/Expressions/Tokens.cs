using System.Globalization;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Values in the library's model. The model limits the size of numbers, so the exact number is attached to its token as an
/// annotation, which is preserved when the token is copied.
/// </summary>
internal static class Tokens
{
    public static JToken Of(ExactNumber number)
    {
        // The library itself needs no more precision for numbers, such as the width to pad to.
        var token = long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? new JValue(whole)
            : new JValue(double.Parse(number.Text, CultureInfo.InvariantCulture));
        token.AddAnnotation(number);
        return token;
    }

    public static bool IsNumber(JToken token) => token.Type is JTokenType.Integer or JTokenType.Float;

    public static bool IsText(JToken token) => token.Type == JTokenType.String;

    public static string Text(JToken token) => (string)((JValue)token).Value!;

    public static ExactNumber Number(JToken token) =>
        token.Annotation<ExactNumber>()
        // A count computed by the library.
        ?? (token.Type == JTokenType.Integer ? new ExactNumber(((JValue)token).ToString(CultureInfo.InvariantCulture)) : null)
        ?? throw new InvalidOperationException($"The token {token} has lost its exact number.");

    public static string NameOf(JToken token) => token.Type switch
    {
        JTokenType.Integer or JTokenType.Float => "a number",
        JTokenType.String => "a string",
        JTokenType.Array => "an array",
        JTokenType.Object => "an object",
        JTokenType.Boolean => "a boolean",
        _ => "null",
    };
}
