using System.Text.RegularExpressions;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>A blob by the name of its container and its own, which may hold slashes.</summary>
internal readonly partial record struct BlobName(string Container, string Name)
{
    private const int MaxNameLength = 1024;

    public static bool TryParse(string text, out BlobName name)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        name = slash < 0 ? default : new BlobName(text[..slash], text[(slash + 1)..]);
        return slash > 0 && name.Name.Length is > 0 and <= MaxNameLength && ContainerName().IsMatch(name.Container);
    }

    /// <exception cref="FormatException">The text is not <c>container/name</c>.</exception>
    public static BlobName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not the name of a blob: it takes the form \"container/name\".");

    public override string ToString() => $"{Container}/{Name}";

    // 3-63 lower-case letters, digits and single hyphens between them: the service's own rule.
    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerName();
}
