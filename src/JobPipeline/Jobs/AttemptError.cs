using System.Text;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs;

/// <summary>An error of one attempt, as data. A row holds at most 2 KiB of it; the full text is stored in a blob.</summary>
/// <param name="Kind">The classification of the error.</param>
/// <param name="Type">The full type name of the exception, or a name of the pipeline's own where there was no exception.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="Stack">The stack trace, trimmed; null when there is none.</param>
/// <param name="At">When the error occurred.</param>
/// <param name="Duration">How long the attempt had run.</param>
/// <param name="Worker">The name of the worker that ran the attempt.</param>
public sealed record AttemptError(
    ErrorKind Kind, string Type, string Message, string? Stack, DateTimeOffset At, TimeSpan Duration, string Worker)
{
    /// <summary>The maximum size of the trimmed form, in bytes of UTF-8.</summary>
    public const int MaxBytes = 2048;

    /// <summary>The error group it belongs to; null if it was not grouped.</summary>
    public string? Group { get; init; }

    private const int MaxMessageChars = 500;
    private const int MaxTypeChars = 200;
    private const string Cut = " …";

    /// <summary>Whether <see cref="Trimmed"/> would shorten it.</summary>
    [JsonIgnore]
    public bool IsLarge => Message.Length > MaxMessageChars || Type.Length > MaxTypeChars || TextBytes > MaxBytes;

    private int TextBytes =>
        Encoding.UTF8.GetByteCount(Type) + Encoding.UTF8.GetByteCount(Message) + (Stack is null ? 0 : Encoding.UTF8.GetByteCount(Stack));

    /// <summary>Returns the form that fits a row.</summary>
    public AttemptError Trimmed()
    {
        if (!IsLarge)
            return this;
        var trimmed = this with { Type = Shorten(Type, MaxTypeChars), Message = Shorten(Message, MaxMessageChars) };
        var room = (MaxBytes - Encoding.UTF8.GetByteCount(trimmed.Type) - Encoding.UTF8.GetByteCount(trimmed.Message)) / 3;
        return trimmed with { Stack = Stack is null || room < 40 ? null : Shorten(Stack, room) };
    }

    private static string Shorten(string text, int chars)
    {
        if (text.Length <= chars)
            return text;
        var end = char.IsHighSurrogate(text[chars - 1]) ? chars - 1 : chars;
        return string.Concat(text.AsSpan(0, end), Cut);
    }

    /// <summary>Returns the full text, for the blob.</summary>
    public override string ToString() => $"{At:O} {Kind} after {Duration} on {Worker}\n{Type}: {Message}\n{Stack}";
}
