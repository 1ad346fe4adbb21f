using System.Globalization;
using System.Numerics;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Arithmetic without rounding, except for a quotient without a finite decimal representation: it is rounded to the nearest of 34
/// significant digits.
/// </summary>
internal static class ExactMath
{
    private const int QuotientDigits = 34;

    public static ExactNumber Add(ExactNumber left, ExactNumber right)
    {
        var (a, b, exponent) = Align(left, right);
        return NumberText.Of(a + b, exponent);
    }

    public static ExactNumber Negate(ExactNumber number) =>
        new(number.Text[0] == '-' ? number.Text[1..] : number.Sign == 0 ? number.Text : "-" + number.Text);

    public static ExactNumber Abs(ExactNumber number) => number.Text[0] == '-' ? new ExactNumber(number.Text[1..]) : number;

    public static ExactNumber Multiply(ExactNumber left, ExactNumber right)
    {
        var (a, b) = (left.Scaled(), right.Scaled());
        return NumberText.Of(a.Coefficient * b.Coefficient, a.Exponent + b.Exponent);
    }

    public static ExactNumber Divide(ExactNumber left, ExactNumber right)
    {
        RefuseZero(right);
        var (a, b) = (left.Scaled(), right.Scaled());
        var common = BigInteger.GreatestCommonDivisor(a.Coefficient, b.Coefficient);
        var (numerator, denominator) = (a.Coefficient * b.Coefficient.Sign / common, BigInteger.Abs(b.Coefficient) / common);
        var exponent = a.Exponent - b.Exponent;
        var places = PlacesOf(denominator) ?? QuotientDigits + Math.Max(0, LengthOf(denominator) - LengthOf(numerator)) + 1;
        var quotient = BigInteger.DivRem(numerator * BigInteger.Pow(10, places), denominator, out var remainder);
        return remainder.IsZero ? NumberText.Of(quotient, exponent - places) : Round(quotient, exponent - places);
    }

    /// <summary>Returns the quotient without its fraction.</summary>
    public static ExactNumber DivideWhole(ExactNumber left, ExactNumber right)
    {
        RefuseZero(right);
        var (a, b, _) = Align(left, right);
        return NumberText.Of(BigInteger.Divide(a, b), 0);
    }

    /// <summary>Returns the remainder of a division, with the sign of the dividend.</summary>
    public static ExactNumber Remainder(ExactNumber left, ExactNumber right)
    {
        RefuseZero(right);
        var (a, b, exponent) = Align(left, right);
        return NumberText.Of(BigInteger.Remainder(a, b), exponent);
    }

    public static ExactNumber Floor(ExactNumber number) => Whole(number, awayFromZero: number.Sign < 0);

    public static ExactNumber Ceiling(ExactNumber number) => Whole(number, awayFromZero: number.Sign > 0);

    private static ExactNumber Whole(ExactNumber number, bool awayFromZero)
    {
        if (number.IsWhole)
            return NumberText.Of(number.Sign, number.Digits, number.Magnitude);
        var digits = number.Magnitude > 0 ? number.Digits[..(int)number.Magnitude] : "0";
        if (digits.Length > ExactNumber.MaxDigits)
            throw ExactNumber.TooLong(digits.Length);
        var size = BigInteger.Parse(digits, CultureInfo.InvariantCulture) + (awayFromZero ? 1 : 0);
        return NumberText.Of(number.Sign * size, 0);
    }

    private static (BigInteger Left, BigInteger Right, long Exponent) Align(ExactNumber left, ExactNumber right)
    {
        var (a, b) = (left.Scaled(), right.Scaled());
        if (a.Coefficient.IsZero || b.Coefficient.IsZero)
            return (a.Coefficient, b.Coefficient, a.Coefficient.IsZero ? b.Exponent : a.Exponent);
        var exponent = Math.Min(a.Exponent, b.Exponent);
        var digits = Math.Max(left.Magnitude, right.Magnitude) - exponent;
        if (digits > ExactNumber.MaxDigits)
            throw new ExpressionValueException(
                $"{left} and {right} together need {digits} digits; arithmetic supports at most {ExactNumber.MaxDigits}");
        return (Shift(a, exponent), Shift(b, exponent), exponent);
    }

    private static BigInteger Shift((BigInteger Coefficient, long Exponent) number, long exponent) =>
        number.Coefficient * BigInteger.Pow(10, (int)(number.Exponent - exponent));

    /// <summary>
    /// Returns the number of decimal places of a quotient by this divisor; null if it has no end, or more places than are kept.
    /// </summary>
    private static int? PlacesOf(BigInteger denominator)
    {
        var (twos, fives) = (0, 0);
        for (; denominator.IsEven; twos++)
            denominator >>= 1;
        for (; denominator % 5 == 0 && fives <= ExactNumber.MaxDigits; fives++)
            denominator /= 5;
        var places = Math.Max(twos, fives);
        return denominator.IsOne && places <= ExactNumber.MaxDigits ? places : null;
    }

    private static ExactNumber Round(BigInteger quotient, long exponent)
    {
        // The remainder is not zero, so a quotient whose digits are exactly half-way is rounded away from zero.
        var drop = LengthOf(quotient) - QuotientDigits;
        var unit = BigInteger.Pow(10, drop);
        var kept = BigInteger.DivRem(quotient, unit, out var dropped);
        return NumberText.Of(BigInteger.Abs(dropped) * 2 >= unit ? kept + quotient.Sign : kept, exponent + drop);
    }

    private static int LengthOf(BigInteger number) => BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture).Length;

    private static void RefuseZero(ExactNumber divisor)
    {
        if (divisor.Sign == 0)
            throw new ExpressionValueException("division by zero");
    }
}
