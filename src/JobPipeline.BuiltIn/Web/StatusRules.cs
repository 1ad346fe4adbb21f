using System.Net;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Translates an unexpected status to an exception.</summary>
internal static class StatusRules
{
    private const int MaxExcerptChars = 300;

    // A peer that repeatedly requests a retry at once would keep a job running in a loop without using up attempts.
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns the exception: a 429 or 503 with a <c>Retry-After</c> header defers the job; every other status is classified by the
    /// pipeline (<see cref="ErrorClassifier"/>).
    /// </summary>
    public static Exception Failure(HttpAnswer answer, IReadOnlyList<StatusRange> expected, DateTimeOffset now, TimeSpan maxRetryAfter)
    {
        var what = $"{answer.Call} returned status {answer.Status}";
        if (answer.Status is 429 or 503 && RetryAfter.Read(answer.RetryAfter, now) is { } delay)
            return new JobThrottledException(what, TimeSpan.FromTicks(Math.Clamp(delay.Ticks, MinRetryAfter.Ticks, maxRetryAfter.Ticks)));
        return new HttpRequestException(
            $"{what}, expected {string.Join(", ", expected)}{Excerpt(answer.Text)}", inner: null, (HttpStatusCode)answer.Status);
    }

    private static string Excerpt(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        var line = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        if (line.Length <= MaxExcerptChars)
            return $": {line}";
        var end = char.IsHighSurrogate(line[MaxExcerptChars - 1]) ? MaxExcerptChars - 1 : MaxExcerptChars;
        return $": {line[..end]} …";
    }
}
