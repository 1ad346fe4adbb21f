using System.Net;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>What an answer that was not expected means.</summary>
internal static class StatusRules
{
    private const int MaxExcerptChars = 300;

    // A peer that says "at once" over and over would have a job that uses no attempt run in circles.
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// 429 and 503 that say when to come back defer the job; every other status is the pipeline's to judge
    /// (<see cref="ErrorClassifier"/>).
    /// </summary>
    public static Exception Failure(HttpAnswer answer, IReadOnlyList<StatusRange> expected, DateTimeOffset now, TimeSpan maxRetryAfter)
    {
        var what = $"{answer.Call} answered {answer.Status}";
        if (answer.Status is 429 or 503 && RetryAfter.Read(answer.RetryAfter, now) is { } delay)
            return new JobThrottledException(what, TimeSpan.FromTicks(Math.Clamp(delay.Ticks, MinRetryAfter.Ticks, maxRetryAfter.Ticks)));
        return new HttpRequestException($"{what}, not {string.Join(", ", expected)}{Excerpt(answer.Text)}", inner: null, (HttpStatusCode)answer.Status);
    }

    private static string Excerpt(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        var line = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= MaxExcerptChars ? $": {line}" : $": {line[..(char.IsHighSurrogate(line[MaxExcerptChars - 1]) ? MaxExcerptChars - 1 : MaxExcerptChars)]} …";
    }
}
