using System.Globalization;
using System.Numerics;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Formats computed numbers.</summary>
internal static class NumberText
{
    /// <summary>The maximum number of zeros before or after the digits; with more, an exponent is written.</summary>
    private const int MaxZeros = 20;

    private const long MaxMagnitude = 10_000_000_000_000_000;

    /// <exception cref="ExpressionValueException">The number has too many digits or too large an exponent.</exception>
    public static ExactNumber Of(BigInteger coefficient, long exponent)
    {
        var all = BigInteger.Abs(coefficient).ToString(CultureInfo.InvariantCulture);
        var digits = all.TrimEnd('0');
        return Of(coefficient.Sign, digits, all.Length + exponent);
    }

    /// <inheritdoc cref="Of(BigInteger, long)"/>
    /// <param name="sign">The sign: -1, 0 or 1.</param>
    /// <param name="digits">The digits without leading and trailing zeros.</param>
    /// <param name="magnitude"><see cref="ExactNumber.Magnitude"/>.</param>
    public static ExactNumber Of(int sign, string digits, long magnitude)
    {
        if (sign == 0 || digits.Length == 0)
            return new ExactNumber("0");
        if (digits.Length > ExactNumber.MaxDigits || Math.Abs(magnitude) > MaxMagnitude)
            throw new ExpressionValueException(
                $"the result has {digits.Length} digits and magnitude 10^{magnitude}; at most {ExactNumber.MaxDigits} are supported");
        return new ExactNumber((sign < 0 ? "-" : "") + Unsigned(digits, magnitude));
    }

    private static string Unsigned(string digits, long magnitude)
    {
        if (magnitude > digits.Length + MaxZeros || magnitude <= -MaxZeros)
            return Scientific(digits, magnitude - 1);
        if (magnitude >= digits.Length)
            return digits.PadRight((int)magnitude, '0');
        return magnitude > 0 ? $"{digits[..(int)magnitude]}.{digits[(int)magnitude..]}" : $"0.{new string('0', (int)-magnitude)}{digits}";
    }

    private static string Scientific(string digits, long exponent)
    {
        var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{exponent:+0;-0}");
    }
}
