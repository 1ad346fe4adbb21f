namespace JobPipeline.Jobs;

/// <summary>
/// The rules for ids of workflow instances: letters, digits, '.', '_', '-' and ':', beginning with a letter or digit and not
/// ending with '.', at most 100 characters.
/// </summary>
internal static class WorkflowIds
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 100;

    public static bool IsId(string text) =>
        text.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(text[0])
        // The path of a blob may not end with '.'.
        && text[^1] != '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':');

    public static string Create(DateTimeOffset now) => Guid.CreateVersion7(now).ToString();
}
