using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JobPipeline.Tests.Architecture;

/// <summary>The test projects of this repository and the types that their sources declare.</summary>
internal static class TestProjects
{
    /// <summary>Every project that runs tests, as a path of its project file.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Repository.Files(".", "*.csproj").Where(file => Repository.Read(file).Contains("xunit.v3.mtp-v2", StringComparison.Ordinal))];

    /// <summary>Reads the files that a project compiles: its own, and those of other projects that it includes.</summary>
    public static IEnumerable<string> Sources(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return Repository.Files(folder, "*.cs").Concat(Included(project, folder)).Select(Repository.Read);
    }

    /// <summary>Returns the types that a source declares at the top level of its namespace.</summary>
    public static IEnumerable<TypeDeclarationSyntax> TypesOf(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<TypeDeclarationSyntax>();

    /// <summary>Returns the names of the tests that a type declares.</summary>
    public static IEnumerable<string> TestsOf(TypeDeclarationSyntax type) =>
        type.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => HasAttribute(method, "Fact") || HasAttribute(method, "Theory"))
            .Select(method => method.Identifier.ValueText);

    public static bool HasAttribute(MemberDeclarationSyntax member, string name) =>
        member.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == name);

    private static IEnumerable<string> Included(string project, string folder) =>
        XDocument.Parse(Repository.Read(project)).Descendants("Compile")
            .SelectMany(item => item.Attribute("Include")?.Value.Split(';') ?? [])
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, path))))
            .SelectMany(path => Repository.Files(Path.GetDirectoryName(path)!, Path.GetFileName(path)));
}
