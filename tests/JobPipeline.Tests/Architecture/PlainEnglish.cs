using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JobPipeline.Tests.Architecture;

/// <summary>
/// Finds words that the glossary of CONTRIBUTING replaces in the prose of a source file: its comments, and its string literals
/// with a space, which are log templates, problem texts and messages.
/// </summary>
internal static partial class PlainEnglish
{
    /// <summary>Returns each banned word with the line that it is on.</summary>
    public static IEnumerable<string> Violations(string file, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        var comments = root.DescendantTrivia(descendIntoTrivia: false).Where(IsComment).Select(
            trivia => (trivia.ToFullString(), trivia.GetLocation()));
        var literals = root.DescendantTokens().Where(IsText).Select(token => (token.Text, token.GetLocation()));
        foreach (var (prose, location) in comments.Concat(literals))
        {
            foreach (Match match in Banned().Matches(WithoutCode(prose)))
                yield return $"{file}({location.GetLineSpan().StartLinePosition.Line + 1}): '{match.Value}' in: {prose.Trim()}";
        }
    }

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static bool IsText(SyntaxToken token) => token.Text.Contains(' ', StringComparison.Ordinal) && token.Kind() is
        SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken;

    /// <summary>Names of settings, members and placeholders are not prose.</summary>
    private static string WithoutCode(string prose) => Code().Replace(prose, "");

    [GeneratedRegex(
        @"\b(whoever|nobody|somebody|anybody|lanes?|signs? of life|goodbye|upkeep|housekeeping|work(ed|s)? off|wish(es)?|bur(y|ied)"
        + @"|mourning|call(ed|s)? off|(is|are|was) told|bec[oa]me of|hold still|in hand|objections?|thereof|anew"
        + @"|(?<!heart)(?<!\w)beats?|(?<!dead[ -])letters? of|mend(ed|s)?)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Banned();

    [GeneratedRegex(
        @"<c>.*?</c>|<code>.*?</code>|\w+=""[^""]*""|\{\w+[^}]*\}|'[^'\s]*'|\w+\.\w+|\w+:\w[\w:]*",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Code();
}
