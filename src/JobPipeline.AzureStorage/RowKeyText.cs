using System.Globalization;
using System.Text;

namespace JobPipeline.AzureStorage;

/// <summary>
/// Encodes any text as part of a row key. Characters that keys can't hold or that confuse tools become escapes, so that
/// different texts have different keys.
/// </summary>
internal static class RowKeyText
{
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '-')
                key.Append(c);
            else
                key.Append(CultureInfo.InvariantCulture, $"_{(int)c:x4}");
        }

        return key.ToString();
    }
}
