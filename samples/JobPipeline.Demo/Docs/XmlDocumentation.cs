using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JobPipeline.Demo.Docs;

/// <summary>The summaries of types and properties as Markdown, from the documentation files beside the assemblies.</summary>
internal sealed partial class XmlDocumentation(IEnumerable<Assembly> assemblies)
{
    private readonly Dictionary<string, XElement> _members = assemblies
        .Select(assembly => Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"))
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        // Source generators write the same types into several assemblies.
        .DistinctBy(member => (string)member.Attribute("name")!, StringComparer.Ordinal)
        .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);

    /// <summary>
    /// Gets the summary of an options class, without its own section and the form of durations; empty when there is none.
    /// </summary>
    public string SummaryOf(Type options, string section) =>
        DurationSentence().Replace(Summary($"T:{NameOf(options)}"), "")
            .Replace($": configuration section `{section}`", "", StringComparison.Ordinal)
            .Replace($": section `{section}`", "", StringComparison.Ordinal)
            .TrimEnd();

    /// <summary>Gets the summary of a property; empty when there is none.</summary>
    /// <param name="property">The property.</param>
    /// <param name="skipDefault">Whether to leave out a sentence that states nothing but the default.</param>
    public string SummaryOf(PropertyInfo property, bool skipDefault)
    {
        var summary = Summary($"P:{NameOf(property.DeclaringType!)}.{property.Name}");
        return skipDefault ? DefaultSentence().Replace(summary, "").TrimEnd() : summary;
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private string Summary(string id)
    {
        if (!_members.TryGetValue(id, out var member))
            return "";
        if (member.Element("inheritdoc")?.Attribute("cref") is { } source)
            return Summary(source.Value);
        var text = Blanks().Replace(string.Concat(member.Elements("summary").Nodes().Select(Markdown)), " ").Trim();
        text = Accessors().Replace(text, "");
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value.Replace("|", "\\|", StringComparison.Ordinal),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "seealso" } link when link.Attribute("cref") is { } target =>
            $"`{target.Value.Split('.')[^1]}`",
        XElement { Name.LocalName: "see" } link when link.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement { Name.LocalName: "see" } link when link.Attribute("href") is { } address =>
            $"[{(link.IsEmpty ? address.Value : link.Value)}]({address.Value})",
        XElement { Name.LocalName: "para" } paragraph => $" {string.Concat(paragraph.Nodes().Select(Markdown))} ",
        XElement element => string.Concat(element.Nodes().Select(Markdown)),
        _ => "",
    };

    [GeneratedRegex("\\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex("^Gets( or sets)? ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Accessors();

    [GeneratedRegex(" ?Durations are written as [^ ]+\\.(?= |$)", RegexOptions.None, 1000)]
    private static partial Regex DurationSentence();

    /// <summary>Matches sentences such as <c>Default 5 seconds.</c> and <c>The default is 0.5.</c>, without a further statement.</summary>
    [GeneratedRegex("(?<=^|[.;] )(The default is|Default:?) [^ ;:]+( [^ ;:]+)?\\.(?= |$) ?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefaultSentence();
}
