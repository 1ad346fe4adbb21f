using System.Numerics;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Orders releases by the precedence of Semantic Versioning 2.0.0 (clause 11).</summary>
internal static class ReleaseOrder
{
    /// <summary>
    /// Returns a negative number if the first release is earlier, and null if they differ and at least one of them is not a version.
    /// </summary>
    public static int? Compare(string a, string b)
    {
        if (a == b)
            return 0;
        return TryRead(a, out var first) && TryRead(b, out var second) ? Compare(first, second) : null;
    }

    private static int Compare(Release a, Release b)
    {
        for (var i = 0; i < Math.Max(a.Numbers.Length, b.Numbers.Length); i++)
        {
            var order = a.Numbers.ElementAtOrDefault(i).CompareTo(b.Numbers.ElementAtOrDefault(i));
            if (order != 0)
                return order;
        }

        if (a.Labels.Length == 0 || b.Labels.Length == 0)
            return b.Labels.Length.CompareTo(a.Labels.Length);
        for (var i = 0; i < Math.Min(a.Labels.Length, b.Labels.Length); i++)
        {
            var order = CompareLabels(a.Labels[i], b.Labels[i]);
            if (order != 0)
                return order;
        }

        return a.Labels.Length.CompareTo(b.Labels.Length);
    }

    /// <summary>Orders numbers before words.</summary>
    private static int CompareLabels(string a, string b) => (TryNumber(a, out var first), TryNumber(b, out var second)) switch
    {
        (true, true) => first.CompareTo(second),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(a, b),
    };

    /// <summary>Reads two to four numbers (assemblies have four), ignoring a leading <c>v</c> and trailing build metadata.</summary>
    private static bool TryRead(string text, out Release release)
    {
        release = default;
        var version = text.Split('+')[0].TrimStart('v', 'V');
        var dash = version.IndexOf('-', StringComparison.Ordinal);
        var parts = (dash < 0 ? version : version[..dash]).Split('.');
        var labels = dash < 0 ? [] : version[(dash + 1)..].Split('.');
        if (parts.Length is < 2 or > 4 || labels.Contains("", StringComparer.Ordinal))
            return false;
        var numbers = new BigInteger[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryNumber(parts[i], out numbers[i]))
                return false;
        }

        release = new Release(numbers, labels);
        return true;
    }

    private static bool TryNumber(string text, out BigInteger number)
    {
        number = default;
        return text.Length is > 0 and <= 20
            && text.All(char.IsAsciiDigit)
            && BigInteger.TryParse(text, System.Globalization.NumberStyles.None, null, out number);
    }

    private readonly record struct Release(BigInteger[] Numbers, string[] Labels);
}
