using System.Security.Cryptography;
using System.Text;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Computes the error group of a failure: a hash of the job type, the exception's type, the shape of its message and the frames of
/// the user's own code, so that the same bug yields the same group regardless of line numbers, ids, numbers and paths.
/// Pure, total, and of bounded cost. Grouping by the application's own frames first follows Sentry (developer documentation, "Grouping").
/// </summary>
internal static class ErrorFingerprint
{
    /// <summary>The length of a group id, in hexadecimal digits.</summary>
    public const int Length = 16;

    private const int MaxTitleChars = 200;

    /// <summary>Part of the hashed text. Changing how errors are normalised changes all groups; increment the version then.</summary>
    private const char Version = '2';

    /// <summary>Returns the group id: 64 bits of SHA-256, in hexadecimal.</summary>
    /// <param name="jobType">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="exceptionType">The full name of the exception's type.</param>
    /// <param name="message">The exception's message.</param>
    /// <param name="stack">The stack trace as text; null if there is none.</param>
    public static string Of(string? jobType, string exceptionType, string message, string? stack)
    {
        var text = new StringBuilder(1024)
            .Append(Version).Append('\n')
            .Append(jobType).Append('\n')
            .Append(ExceptionName(exceptionType)).Append('\n')
            .Append(ShapeOf(exceptionType, message));
        foreach (var frame in StackFrames.Of(stack))
            text.Append('\n').Append(frame);
        return Hash(text);
    }

    /// <summary>Returns the group that stands for further groups of the job type when there are too many.</summary>
    public static string OfOverflow(string? jobType) => Hash(new StringBuilder().Append(Version).Append("\noverflow\n").Append(jobType));

    /// <summary>Returns the title of the group, for people: <c>IOException: Could not find file '&lt;text&gt;'</c>.</summary>
    public static string Title(string exceptionType, string message)
    {
        var name = ExceptionName(exceptionType);
        var shape = ShapeOf(exceptionType, message);
        var title = shape.Length == 0
            ? name[(name.LastIndexOf('.') + 1)..].ToString()
            : $"{name[(name.LastIndexOf('.') + 1)..]}: {shape}";
        return Bounded.Text(title, MaxTitleChars);
    }

    /// <summary>Returns whether the text has the form of a group id.</summary>
    public static bool IsId(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// Type names in an exception's message distinguish bugs and are kept. Names in other errors come from a sender and are
    /// unbounded, and the suggested nearest name is not part of the failure; both are replaced.
    /// </summary>
    private static string ShapeOf(string type, string message) => type.Contains('.', StringComparison.Ordinal)
        ? MessageShape.Of(message, keepsTypeNames: true)
        : MessageShape.Of(NearestName.WithoutHint(message), keepsTypeNames: false);

    /// <summary>Removes the arguments of a generic type.</summary>
    private static ReadOnlySpan<char> ExceptionName(string type)
    {
        var end = type.AsSpan().IndexOfAny('`', '[');
        return end > 0 ? type.AsSpan(0, end) : type;
    }

    private static string Hash(StringBuilder text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return Convert.ToHexStringLower(hash[..(Length / 2)]);
    }
}
