using System.Security.Cryptography;
using System.Text;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Which error group a failure belongs to: a hash of the job type, the exception's type, the shape of its message and the
/// frames of the user's own code, so that the same bug has the same group whatever line, id, number or path it was met with.
/// Pure, total, and of bounded cost. The idea, to group by the application's own frames first, is Sentry's (its
/// developer documentation, "Grouping").
/// </summary>
internal static class ErrorFingerprint
{
    /// <summary>Length of a group's id, in hexadecimal digits.</summary>
    public const int Length = 16;

    private const int MaxTitleChars = 200;

    /// <summary>Part of what is hashed. To change how errors are normalised is to change all groups: count it up then.</summary>
    private const char Version = '1';

    /// <summary>The group's id: 64 bits of SHA-256, in hexadecimal.</summary>
    /// <param name="jobType">Null where that is what some sender wrote, of which there is no end.</param>
    /// <param name="exceptionType">Full name of the exception's type.</param>
    /// <param name="message">The exception's message.</param>
    /// <param name="stack">The stack trace as text; null when there is none.</param>
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

    /// <summary>The group that stands in for others of the job type when there are too many to be told apart.</summary>
    public static string OfOverflow(string? jobType) => Hash(new StringBuilder().Append(Version).Append("\noverflow\n").Append(jobType));

    /// <summary>What to call the group, for people: <c>IOException: Could not find file '&lt;text&gt;'</c>.</summary>
    public static string Title(string exceptionType, string message)
    {
        var name = ExceptionName(exceptionType);
        var shape = ShapeOf(exceptionType, message);
        var title = shape.Length == 0 ? name[(name.LastIndexOf('.') + 1)..].ToString() : $"{name[(name.LastIndexOf('.') + 1)..]}: {shape}";
        return Bounded.Text(title, MaxTitleChars);
    }

    /// <summary>True for what could be a group's id.</summary>
    public static bool IsId(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// Types that an exception names tell bugs apart; names in what is no exception are a sender's, of which there is no
    /// end, and what the nearest right name would be is no part of what went wrong.
    /// </summary>
    private static string ShapeOf(string type, string message) => type.Contains('.', StringComparison.Ordinal)
        ? MessageShape.Of(message, keepsTypeNames: true)
        : MessageShape.Of(NearestName.WithoutHint(message), keepsTypeNames: false);

    /// <summary>Without the arguments of a generic type.</summary>
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
