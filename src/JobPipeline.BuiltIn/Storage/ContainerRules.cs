namespace JobPipeline.BuiltIn.Storage;

/// <summary>The service's rule for the names of containers: 3 to 63 lower-case letters, digits and single hyphens between them.</summary>
internal static class ContainerRules
{
    /// <summary>What is wrong with a name; null when it is right.</summary>
    public static string? FaultOf(string name)
    {
        if (name.StartsWith('$'))
            return $"names a container of the storage service itself ('{name}'), which jobs may not use";
        if (name.Length == 0)
            return "begins with a slash";
        if (name.Any(char.IsAsciiLetterUpper))
            return $"has upper-case letters in the container's name; did you mean '{name.ToLowerInvariant()}'?";
        if (name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            return "has a container's name with other characters than lower-case letters, digits and hyphens";
        if (name.Length is < 3 or > 63)
            return $"has a container's name of {name.Length} characters; 3 to 63 are allowed";
        return name[0] == '-' || name[^1] == '-' || name.Contains("--", StringComparison.Ordinal)
            ? "has a container's name with a hyphen at an end or two in a row"
            : null;
    }
}
