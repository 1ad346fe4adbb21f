using System.Globalization;
using System.Text;

namespace JobPipeline.AzureStorage;

/// <summary>Any text as a part of a row key: what keys can't hold, or tools stumble over, becomes an escape, so that different texts stay different.</summary>
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
