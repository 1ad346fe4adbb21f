using System.Globalization;
using System.Numerics;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// A JSON number of any size, without rounding. It keeps its original text, which is parsed only when the number is compared or computed
/// with: the value is 0.<see cref="Digits"/> × 10^<see cref="Magnitude"/>.
/// </summary>
internal sealed class ExactNumber(string text)
{
    /// <summary>The maximum number of digits of a computed number and of an operand.</summary>
    public const int MaxDigits = 10_000;

    private const int MaxExponentDigits = 17;
    private const int MaxShown = 40;

    private Parts? _parts;

    /// <summary>Gets the number as JSON.</summary>
    public string Text => text;

    /// <summary>Gets the sign: -1, 0 or 1.</summary>
    public int Sign => Split().Sign;

    /// <summary>Gets the digits without leading and trailing zeros; empty for zero.</summary>
    public string Digits => Split().Digits;

    /// <summary>Gets the exponent of ten that scales 0.<see cref="Digits"/> to the value.</summary>
    public long Magnitude => Split().Magnitude;

    public bool IsWhole => Magnitude >= Digits.Length;

    /// <summary>Returns the number as a coefficient and a power of ten.</summary>
    /// <exception cref="ExpressionValueException">The number has more than <see cref="MaxDigits"/> digits.</exception>
    public (BigInteger Coefficient, long Exponent) Scaled()
    {
        if (Digits.Length > MaxDigits)
            throw TooLong(Digits.Length);
        var coefficient = Sign == 0 ? BigInteger.Zero : BigInteger.Parse(Digits, CultureInfo.InvariantCulture);
        return (Sign < 0 ? -coefficient : coefficient, Magnitude - Digits.Length);
    }

    /// <summary>Compares by value: 100.0 and 1e2 are equal.</summary>
    public static int Compare(ExactNumber left, ExactNumber right)
    {
        if (left.Sign != right.Sign)
            return left.Sign.CompareTo(right.Sign);
        var bySize = left.Magnitude.CompareTo(right.Magnitude);
        return left.Sign * Math.Sign(bySize != 0 ? bySize : string.CompareOrdinal(left.Digits, right.Digits));
    }

    public static ExpressionValueException TooLong(int digits) =>
        new($"a number has {digits} digits; arithmetic supports at most {MaxDigits}");

    public override string ToString() => text.Length <= MaxShown ? text : $"{text[..MaxShown]}…";

    private Parts Split() => _parts ??= Take();

    private Parts Take()
    {
        var number = text.AsSpan().TrimStart('-');
        var e = number.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? number : number[..e];
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        var all = string.Concat(whole, fraction);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
            return new Parts(0, "", 0);
        var magnitude = whole.Length - (all.Length - digits.Length) + (e < 0 ? 0 : ExponentOf(number[(e + 1)..]));
        return new Parts(text[0] == '-' ? -1 : 1, digits.TrimEnd('0'), magnitude);
    }

    private long ExponentOf(ReadOnlySpan<char> exponent)
    {
        var digits = exponent.TrimStart("+-").TrimStart('0');
        if (digits.Length > MaxExponentDigits)
            throw new ExpressionValueException(
                $"the exponent of {this} has more than {MaxExponentDigits} digits; it can be copied but not compared or computed with");
        var size = digits.IsEmpty ? 0 : long.Parse(digits, CultureInfo.InvariantCulture);
        return exponent[0] == '-' ? -size : size;
    }

    private sealed record Parts(int Sign, string Digits, long Magnitude);
}
