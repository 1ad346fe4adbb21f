using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JobPipeline.Tests.Architecture;

/// <summary>A use of a type of one folder of the core by a file of another folder.</summary>
/// <param name="From">The folder of the file.</param>
/// <param name="To">The folder of the type.</param>
/// <param name="File">The file, relative to the core.</param>
/// <param name="Type">The type.</param>
internal sealed record FolderUse(string From, string To, string File, string Type);

/// <summary>
/// Finds which top-level folder of the core uses which, from what the compiler binds: base types, signatures, bodies,
/// constants, <c>nameof</c> and references in doc comments.
/// </summary>
internal static class CoreFolders
{
    public const string Root = "src/JobPipeline";

    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    /// <summary>Reads the core's source files.</summary>
    public static IEnumerable<(string Path, string Text)> Sources() =>
        Repository.Files(Root, "*.cs").Select(file => (file[(Root.Length + 1)..], Repository.Read(file)));

    /// <summary>Finds every use across folders.</summary>
    /// <param name="sources">Paths relative to the core, and the text of each file.</param>
    public static IReadOnlyList<FolderUse> Uses(IEnumerable<(string Path, string Text)> sources)
    {
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Options, source.Path)).ToList();
        var compilation = CSharpCompilation.Create(
            "core",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, Options)],
            References(),
            new(OutputKind.DynamicallyLinkedLibrary));
        return [.. trees.SelectMany(tree => Uses(tree, compilation.GetSemanticModel(tree))).Distinct()];
    }

    private static IEnumerable<FolderUse> Uses(SyntaxTree tree, SemanticModel model)
    {
        foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>())
        {
            var info = model.GetSymbolInfo(name);
            if (TypeOf(info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } type
                && type.OriginalDefinition.DeclaringSyntaxReferences is [var declaration, ..]
                && FolderOf(declaration.SyntaxTree.FilePath) is var to && to != FolderOf(tree.FilePath))
                yield return new FolderUse(FolderOf(tree.FilePath), to, tree.FilePath, type.Name);
        }
    }

    private static INamedTypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type,
        IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
        _ => null,
    };

    private static string FolderOf(string path) => path.Split('/')[0];

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("JobPipeline", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path));
}
