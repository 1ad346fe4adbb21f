using System.Text.RegularExpressions;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Parses numbers in strings: JSON numbers, and forms that people use, with surrounding white space, a plus sign, leading zeros, or no
/// digits on one side of the point.
/// </summary>
internal static partial class NumberReader
{
    /// <summary>Parses a number, or returns null if the text is not one.</summary>
    public static ExactNumber? Read(string text)
    {
        var found = Shape().Match(text);
        if (!found.Success)
            return null;
        var sign = found.Groups["sign"].Value == "-" ? "-" : "";
        var whole = found.Groups["whole"].Value.TrimStart('0');
        var fraction = found.Groups["fraction"].Value;
        var exponent = found.Groups["exponent"].Value;
        return new ExactNumber($"{sign}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : ".")}{fraction}{exponent}");
    }

    [GeneratedRegex(
        @"\A\s*(?<sign>[+-]?)((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>([eE][+-]?[0-9]+)?)\s*\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
