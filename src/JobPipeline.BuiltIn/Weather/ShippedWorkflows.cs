using System.Reflection;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>The workflow definitions of this assembly, embedded from <c>*.json</c> files.</summary>
internal static class ShippedWorkflows
{
    /// <exception cref="InvalidOperationException">A definition is invalid.</exception>
    public static IReadOnlyList<WorkflowDefinition> All { get; } = [.. Read(typeof(ShippedWorkflows).Assembly)];

    private static IEnumerable<WorkflowDefinition> Read(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return WorkflowReader.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), out var errors)
                ?? throw new InvalidOperationException($"The workflow {name} can't be read: {string.Join("; ", errors)}");
        }
    }
}
