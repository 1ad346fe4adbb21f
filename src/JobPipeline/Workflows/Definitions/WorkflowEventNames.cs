using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// The rules for names of external events: letters, digits, '.', '_', '-' and ':', beginning with a letter or digit, not ending
/// with '.', at most 100 characters. A name can be used as a URL segment without escaping.
/// </summary>
internal static class WorkflowEventNames
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaxLength = 100;

    private const int MaxShown = 5;

    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(text[0])
        && text[^1] != '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':');

    /// <summary>
    /// Returns why a workflow instance of the definition can never receive an event of that name, or null if a step waits for it.
    /// </summary>
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
        return $"no step of '{definition.Name}' waits for '{name}'; its steps wait for {shown}{NearestName.Hint(name, awaited)}";
    }

    internal static string WhyNot(string name) =>
        $"'{Shown(name)}' is not a valid event name: use letters, digits, '.', '_', '-' and ':', "
        + $"beginning with a letter or digit, not ending with '.', at most {MaxLength} characters";

    private static string Shown(string name) => name.Length <= MaxLength ? name : $"{name[..MaxLength]}…";
}
