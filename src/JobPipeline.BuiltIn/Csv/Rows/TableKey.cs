using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>
/// Row and partition keys. The service refuses <c>/ \ # ?</c> and control characters in them; these, and the characters that
/// carry meaning here, are written as <c>!</c> and two hexadecimal digits. Different values never get the same key.
/// </summary>
internal static class TableKey
{
    /// <summary>1 KiB of UTF-16, in characters.</summary>
    public const int MaxLength = 512;

    private const char Joint = '|';
    private const char Mark = '!';

    /// <summary>True for what the service takes as it is.</summary>
    public static bool IsLegal(string key) => key.Length is > 0 and <= MaxLength && !key.Any(IsForbidden);

    /// <summary>The key of a line, for rows that have no better one: sorts by number.</summary>
    public static string OfLine(long line) => line.ToString("d10", CultureInfo.InvariantCulture);

    /// <summary>The escaped values, joined.</summary>
    public static string Of(params ReadOnlySpan<string> values)
    {
        var key = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                key.Append(Joint);
            foreach (var c in values[i])
            {
                // Not forbidden, but known to confuse clients that put keys into URLs: the percent sign.
                if (IsForbidden(c) || c is Joint or Mark or '%')
                    key.Append(Mark).Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
                else
                    key.Append(c);
            }
        }

        return key.ToString();
    }

    private static bool IsForbidden(char c) => c is '/' or '\\' or '#' or '?' || char.IsControl(c);
}
