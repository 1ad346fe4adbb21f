using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JobPipeline.Tests.Architecture;

/// <summary>
/// Finds test classes that start a process, by themselves or through the types that they use, and lack the trait that leaves them out
/// of the fast tests. Azurite is a process.
/// </summary>
internal static class SlowTests
{
    private const string StartsAProcess = "ProcessStartInfo";

    /// <summary>Returns the names of the test classes without the trait.</summary>
    /// <param name="sources">The sources of one test project and of the tools that it uses.</param>
    public static IReadOnlyList<string> Unmarked(IEnumerable<string> sources)
    {
        var types = sources.SelectMany(TestProjects.TypesOf).ToLookup(type => type.Identifier.ValueText, StringComparer.Ordinal);
        var slow = Slow(types);
        return
        [
            .. types
                .Where(parts => slow.Contains(parts.Key) && HasTests(parts.Key, types))
                .Where(parts => !parts.Any(part => IsAbstract(part) || TestProjects.HasAttribute(part, "Slow")))
                .Select(parts => parts.Key)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Slow(ILookup<string, TypeDeclarationSyntax> types)
    {
        var uses = types.ToDictionary(
            parts => parts.Key, parts => parts.SelectMany(Names).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var slow = new HashSet<string>([StartsAProcess], StringComparer.Ordinal);
        while (uses.Keys.Where(type => !slow.Contains(type) && uses[type].Overlaps(slow)).ToList() is { Count: > 0 } more)
            slow.UnionWith(more);
        return slow;
    }

    private static bool HasTests(string type, ILookup<string, TypeDeclarationSyntax> types) =>
        types[type].Any(part => TestProjects.TestsOf(part).Any() || Bases(part).Any(name => name != type && HasTests(name, types)));

    private static IEnumerable<string> Names(TypeDeclarationSyntax type) =>
        type.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);

    private static IEnumerable<string> Bases(TypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(entry => entry.Type.ToString()) ?? [];

    private static bool IsAbstract(TypeDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.AbstractKeyword);
}
