namespace JobPipeline.BuiltIn.Storage;

/// <summary>The service's rules for container names: 3 to 63 lower-case letters, digits and single hyphens between them.</summary>
internal static class ContainerRules
{
    /// <summary>Returns the validation error of a name, or null if it is valid.</summary>
    public static string? ErrorOf(string name)
    {
        if (name.StartsWith('$'))
            return $"names a container of the storage service itself ('{name}'), which jobs may not use";
        if (name.Length == 0)
            return "begins with a slash";
        if (name.Any(char.IsAsciiLetterUpper))
            return $"has upper-case letters in the container name; did you mean '{name.ToLowerInvariant()}'?";
        if (name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            return "has a container name with characters other than lower-case letters, digits and hyphens";
        if (name.Length is < 3 or > 63)
            return $"has a container name of {name.Length} characters; it must have 3 to 63";
        return name[0] == '-' || name[^1] == '-' || name.Contains("--", StringComparison.Ordinal)
            ? "has a container name with a hyphen at the start or end, or consecutive hyphens"
            : null;
    }
}
