using System.Globalization;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Values in the library's model. It has no numbers of any size: the exact one travels with the token as an annotation, which
/// copies of the token keep.
/// </summary>
internal static class Tokens
{
    public static JToken Of(ExactNumber number)
    {
        // What the library itself does with numbers, such as a width to pad to, needs no more than this.
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
        // A count that the library made.
        ?? (token.Type == JTokenType.Integer ? new ExactNumber(((JValue)token).ToString(CultureInfo.InvariantCulture)) : null)
        ?? throw new InvalidOperationException($"The digits of the number {token} are lost.");

    public static string NameOf(JToken token) => token.Type switch
    {
        JTokenType.Integer or JTokenType.Float => "a number",
        JTokenType.String => "a text",
        JTokenType.Array => "a list",
        JTokenType.Object => "an object",
        JTokenType.Boolean => "true or false",
        _ => "null",
    };
}
