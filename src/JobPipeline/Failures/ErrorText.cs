using System.Text.RegularExpressions;
using JobPipeline.Jobs;

namespace JobPipeline.Failures;

/// <summary>
/// Formats an error as one log line: the exception's type and the first line of its message, without quotations of the payload and
/// without text that looks like a secret. The full error is stored with the job, under separate access control.
/// </summary>
internal static partial class ErrorText
{
    private const int MaxChars = 300;

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private static readonly Regex[] Secrets = [Named(), InQuery(), Header()];

    /// <param name="error">The error.</param>
    /// <param name="job">The job, for its payload.</param>
    public static string Of(AttemptError error, JobSpec job)
    {
        // A parser may quote any part of the document, and a payload in a blob is not available for comparison.
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

    /// <summary>Matches secrets under the names used in connection strings and forms.</summary>
    [GeneratedRegex(
        """(?<kept>(?:account_?key|access_?key|access_?signature|password|passwd|pwd|secret|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s;&"',]+""",
        Options)]
    private static partial Regex Named();

    /// <summary>Matches secrets in the query of a URL.</summary>
    [GeneratedRegex("""(?<kept>[?&](?:code|sig|token|key)=)[^\s&"']+""", Options)]
    private static partial Regex InQuery();

    /// <summary>Matches the user information of a URL.</summary>
    [GeneratedRegex("""://[^\s/@"']+@""", Options)]
    private static partial Regex User();

    /// <summary>Matches credentials of the <c>Authorization</c> header.</summary>
    [GeneratedRegex("""(?<kept>(?:bearer|basic)\s+)[\w+/=.~-]{8,}""", Options)]
    private static partial Regex Header();
}
