using System.Text;
using System.Text.Unicode;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Http.DeadLetters;

/// <summary>A dead letter as the API shows it.</summary>
/// <param name="Original">The message as it was delivered, but for credentials among headers; null when that is no text.</param>
/// <param name="OriginalBase64">The same in base64, when it is no text.</param>
public sealed record DeadLetterView(
    JobId Id,
    DeadLetterReason Reason,
    string Detail,
    DateTimeOffset At,
    string Queue,
    string? Type,
    IReadOnlyList<AttemptError> Errors,
    string? TraceParent,
    string? Original,
    string? OriginalBase64)
{
    internal static DeadLetterView Of(DeadLetter letter)
    {
        var original = RedactedOriginal.Of(letter.Original).Span;
        var isText = Utf8.IsValid(original);
        return new DeadLetterView(
            letter.Id,
            letter.Reason,
            letter.Detail,
            letter.At,
            letter.Queue,
            letter.Type,
            letter.Errors,
            letter.TraceParent,
            isText ? Encoding.UTF8.GetString(original) : null,
            isText ? null : Convert.ToBase64String(original));
    }
}
