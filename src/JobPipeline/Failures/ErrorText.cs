using System.Text.RegularExpressions;
using JobPipeline.Jobs;

namespace JobPipeline.Failures;

/// <summary>
/// An error in one line of a log: the exception's type and the first line of its message, without what quotes the payload or
/// looks like a secret. The whole is on record with the job, where access is another.
/// </summary>
internal static partial class ErrorText
{
    private const int MaxChars = 300;

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private static readonly Regex[] Secrets = [Named(), InQuery(), Header()];

    /// <param name="error">What went wrong.</param>
    /// <param name="job">The job, for its payload.</param>
    public static string Of(AttemptError error, JobSpec job)
    {
        // What a parser quotes is any part of the document; a payload in a blob is not at hand to compare with.
        if (job.PayloadInBlob || error.Type.Contains("Json", StringComparison.Ordinal))
            return error.Type;
        var line = FirstLineOf(PayloadQuotes.Hide(error.Message, job.Payload.Span));
        line = User().Replace(line, $"://{PayloadQuotes.Hidden}@");
        foreach (var secret in Secrets)
            line = secret.Replace(line, $"${{kept}}{PayloadQuotes.Hidden}");
        return line.Length == 0 ? error.Type : $"{error.Type}: {Shorten(line)}";
    }

    private static string FirstLineOf(string message)
    {
        var text = message.AsSpan().TrimStart();
        var end = text.IndexOfAny('\r', '\n');
        return string.Concat((end < 0 ? text : text[..end]).TrimEnd().ToString().Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static string Shorten(string line)
    {
        if (line.Length <= MaxChars)
            return line;
        var end = char.IsHighSurrogate(line[MaxChars - 1]) ? MaxChars - 1 : MaxChars;
        return $"{line.AsSpan(0, end)} …";
    }

    /// <summary>The names that connection strings and forms give their secrets.</summary>
    [GeneratedRegex(
        """(?<kept>(?:account_?key|access_?key|access_?signature|password|passwd|pwd|secret|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s;&"',]+""",
        Options)]
    private static partial Regex Named();

    /// <summary>The secrets of an address in its query.</summary>
    [GeneratedRegex("""(?<kept>[?&](?:code|sig|token|key)=)[^\s&"']+""", Options)]
    private static partial Regex InQuery();

    /// <summary>The user of an address.</summary>
    [GeneratedRegex("""://[^\s/@"']+@""", Options)]
    private static partial Regex User();

    /// <summary>The header <c>Authorization</c>.</summary>
    [GeneratedRegex("""(?<kept>(?:bearer|basic)\s+)[\w+/=.~-]{8,}""", Options)]
    private static partial Regex Header();
}
