using System.Text;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Converts the library's model to JSON, the inverse of <see cref="TokenReader"/>.</summary>
internal static class TokenWriter
{
    public static string Write(JToken token)
    {
        var json = new StringBuilder();
        Write(json, token);
        return json.ToString();
    }

    private static void Write(StringBuilder json, JToken token)
    {
        switch (token)
        {
            case JObject members:
                WriteAll(json, '{', members.Properties(), '}');
                break;
            case JArray items:
                WriteAll(json, '[', items, ']');
                break;
            case JProperty member:
                JsonText.Quote(json, member.Name);
                json.Append(':');
                Write(json, member.Value);
                break;
            case { Type: JTokenType.Integer or JTokenType.Float }:
                json.Append(Tokens.Number(token).Text);
                break;
            case { Type: JTokenType.String }:
                JsonText.Quote(json, Tokens.Text(token));
                break;
            case { Type: JTokenType.Boolean }:
                json.Append((bool)((JValue)token).Value! ? "true" : "false");
                break;
            case { Type: JTokenType.Null }:
                json.Append("null");
                break;
            default:
                throw new InvalidOperationException($"A token of type {token.Type} cannot be written as JSON.");
        }
    }

    private static void WriteAll(StringBuilder json, char open, IEnumerable<JToken> parts, char close)
    {
        json.Append(open);
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
                json.Append(',');
            isFirst = false;
            Write(json, part);
        }

        json.Append(close);
    }
}
