using System.Globalization;
using System.Text;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>
/// Builds row and partition keys. The service does not allow <c>/ \ # ?</c> and control characters in them; these, and the characters with
/// a special meaning here, are written as <c>!</c> and two hexadecimal digits. Different values never produce the same key.
/// </summary>
internal static class TableKey
{
    /// <summary>The maximum length of a key in characters (1 KiB of UTF-16).</summary>
    public const int MaxLength = 512;

    private const char Joint = '|';
    private const char Mark = '!';

    /// <summary>Whether the service accepts the key unescaped.</summary>
    public static bool IsLegal(string key) => key.Length is > 0 and <= MaxLength && !key.Any(IsForbidden);

    /// <summary>Returns the key of a line for rows without key columns; it sorts by line number.</summary>
    public static string OfLine(long line) => line.ToString("d10", CultureInfo.InvariantCulture);

    /// <summary>Returns the escaped values, joined.</summary>
    public static string Of(params ReadOnlySpan<string> values)
    {
        var key = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                key.Append(Joint);
            foreach (var c in values[i])
            {
                // The percent sign is allowed, but breaks clients that put keys into URLs.
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
