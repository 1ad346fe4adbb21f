using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using JobPipeline.BuiltIn.Storage;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>
/// The path of a file in a payload, relative or absolute. <see cref="BuiltInOptions.FileRoots"/> decides whether jobs may read the file.
/// </summary>
[JsonConverter(typeof(FilePathJsonConverter))]
public sealed record FilePath : IParsable<FilePath>
{
    private const int MaxLength = 4096;

    private FilePath(string value) => Value = value;

    /// <summary>Gets the path as it was written.</summary>
    public string Value { get; }

    /// <summary>Parses a path.</summary>
    /// <exception cref="FormatException">The text is not a valid path; the message states why.</exception>
    public static FilePath Parse(string text) => Read(text, out var error) ?? throw new FormatException($"'{text}' {error}.");

    /// <inheritdoc cref="Parse(string)"/>
    public static FilePath Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Parses a path; returns false if the text is not a valid one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FilePath? path) =>
        (path = text is null ? null : Read(text, out _)) is not null;

    /// <inheritdoc cref="TryParse(string?, out FilePath?)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out FilePath result) =>
        TryParse(s, out result);

    public override string ToString() => Value;

    /// <summary>Parses a path, or returns null and the validation error.</summary>
    internal static FilePath? Read(string text, out string? error)
    {
        error = text.Length == 0 ? "is empty"
            : text.Length > MaxLength ? $"has {text.Length} characters; the maximum length of a path is {MaxLength}"
            : text.Contains('\0', StringComparison.Ordinal) ? "contains a null character"
            : text.Any(char.IsControl) ? "contains a control character"
            : !HasWholePairs(text) ? "contains an unpaired surrogate"
            : null;
        return error is null ? new FilePath(text) : null;
    }

    private static bool HasWholePairs(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
