using System.Globalization;
using System.Numerics;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// A JSON number by its digits: nothing is rounded, whatever its size. It keeps the text it was written with, and is taken
/// apart only when it is compared or computed with: the value is 0.<see cref="Digits"/> × 10^<see cref="Magnitude"/>.
/// </summary>
internal sealed class ExactNumber(string text)
{
    /// <summary>The most digits that a computed number, or a number that is computed with, may have.</summary>
    public const int MaxDigits = 10_000;

    private const int MaxExponentDigits = 17;
    private const int MaxShown = 40;

    private Parts? _parts;

    /// <summary>The number as JSON.</summary>
    public string Text => text;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => Split().Sign;

    /// <summary>The digits without zeros at either end; empty for zero.</summary>
    public string Digits => Split().Digits;

    /// <summary>How many places the decimal point stands to the right of the first digit's left side.</summary>
    public long Magnitude => Split().Magnitude;

    public bool IsWhole => Magnitude >= Digits.Length;

    /// <summary>The number as a coefficient and a power of ten.</summary>
    /// <exception cref="ExpressionValueException">It has more than <see cref="MaxDigits"/> digits.</exception>
    public (BigInteger Coefficient, long Exponent) Scaled()
    {
        if (Digits.Length > MaxDigits)
            throw TooLong(Digits.Length);
        var coefficient = Sign == 0 ? BigInteger.Zero : BigInteger.Parse(Digits, CultureInfo.InvariantCulture);
        return (Sign < 0 ? -coefficient : coefficient, Magnitude - Digits.Length);
    }

    /// <summary>By value: 100.0 and 1e2 are the same.</summary>
    public static int Compare(ExactNumber left, ExactNumber right)
    {
        if (left.Sign != right.Sign)
            return left.Sign.CompareTo(right.Sign);
        var bySize = left.Magnitude.CompareTo(right.Magnitude);
        return left.Sign * Math.Sign(bySize != 0 ? bySize : string.CompareOrdinal(left.Digits, right.Digits));
    }

    public static ExpressionValueException TooLong(int digits) =>
        new($"a number has {digits} digits; at most {MaxDigits} can be computed with");

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
                $"the exponent of {this} has more than {MaxExponentDigits} digits: it can be copied, but not compared or computed with");
        var size = digits.IsEmpty ? 0 : long.Parse(digits, CultureInfo.InvariantCulture);
        return exponent[0] == '-' ? -size : size;
    }

    private sealed record Parts(int Sign, string Digits, long Magnitude);
}
