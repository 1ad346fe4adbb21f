using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Names of events from outside: letters, digits, '.', '_', '-' and ':', beginning with a letter or digit, not ending with '.',
/// at most 100. Each of them can be a segment of an address as it is.
/// </summary>
public static class WorkflowEventNames
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 100;

    private const int MaxShown = 5;

    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(text[0])
        && text[^1] != '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':');

    /// <summary>Why an event of that name can never be taken by an instance of the definition; null: a step waits for it.</summary>
    public static string? WhyNeverTaken(WorkflowDefinition definition, string name)
    {
        var waits = definition.Steps.Select(step => step.Action).OfType<WaitAction>();
        var awaited = waits.Select(wait => wait.Event).Distinct(StringComparer.Ordinal).ToList();
        if (awaited.Contains(name, StringComparer.Ordinal))
            return null;
        if (!IsName(name))
            return WhyNot(name);
        if (awaited.Count == 0)
            return $"no step of '{definition.Name}' waits for an event";
        var shown = string.Join(", ", awaited.Take(MaxShown)) + (awaited.Count > MaxShown ? ", …" : "");
        return $"no step of '{definition.Name}' waits for '{name}'; its events are {shown}{NearestName.Hint(name, awaited)}";
    }

    internal static string WhyNot(string name) =>
        $"'{Shown(name)}' is not a name for an event: letters, digits, '.', '_', '-' and ':', "
        + $"beginning with a letter or digit, not ending with '.', at most {MaxLength}";

    private static string Shown(string name) => name.Length <= MaxLength ? name : $"{name[..MaxLength]}…";
}
