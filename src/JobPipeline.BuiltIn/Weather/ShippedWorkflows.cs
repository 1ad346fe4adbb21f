using System.Reflection;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>The definitions beside this file: every <c>*.json</c> is a part of the assembly.</summary>
internal static class ShippedWorkflows
{
    /// <exception cref="InvalidOperationException">One of them can't be read.</exception>
    public static IReadOnlyList<WorkflowDefinition> All { get; } = [.. Read(typeof(ShippedWorkflows).Assembly)];

    private static IEnumerable<WorkflowDefinition> Read(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return WorkflowReader.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), out var faults)
                ?? throw new InvalidOperationException($"The workflow {name} can't be read: {string.Join("; ", faults)}");
        }
    }
}
