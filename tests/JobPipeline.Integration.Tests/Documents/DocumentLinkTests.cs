using System.Text.RegularExpressions;

namespace JobPipeline.Integration.Tests.Documents;

/// <summary>Every relative link between the documents leads to a file and, if it has an anchor, to a heading.</summary>
public sealed partial class DocumentLinkTests
{
    public static TheoryData<string> Documents =>
        [.. Repository.Files(".", "*.md").Select(path => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_Resolve(string document)
    {
        var broken = Link().Matches(WithoutCode(Repository.Read(document)))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal) && !Resolves(document, target));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("# A `timer` of [ours](x.md), 2.0!", "a-timer-of-ours-20")]
    public void Anchor_OfAHeading_IsThatOfGitHub(string heading, string expected) => Assert.Equal([expected], AnchorsOf(heading));

    private static bool Resolves(string document, string target)
    {
        var parts = target.Split('#');
        var path = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        var file = Path.Combine(Repository.Root, path);
        if (!File.Exists(file))
            return parts.Length == 1 && Directory.Exists(file);
        return parts.Length == 1 || AnchorsOf(WithoutCode(File.ReadAllText(file))).Contains(parts[1], StringComparer.Ordinal);
    }

    private static IEnumerable<string> AnchorsOf(string text) => Heading().Matches(text)
        .Select(match => LinkText().Replace(match.Groups["text"].Value.Trim(), "${text}"))
        .Select(heading => string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')))
        .Select(heading => heading.Replace(' ', '-'));

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    [GeneratedRegex("\\]\\((?<target>[^)\\s]+)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("\\[(?<text>[^\\]]*)\\]\\([^)]*\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkText();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex CodeBlock();
}
