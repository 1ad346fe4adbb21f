namespace JobPipeline.Jobs;

/// <summary>The bounds of <see cref="JobLimits"/>, applied to producers in this process and on the wire alike.</summary>
internal static class JobSpecRules
{
    /// <exception cref="MessageFormatException">A field is out of bounds; the message names it.</exception>
    public static void Check(JobSpec spec)
    {
        if (!IsTypeName(spec.Type))
            throw new MessageFormatException($"'{spec.Type}' is not a job type: letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength}");
        if (spec.Key is { } key && (key.Length is 0 or > JobLimits.MaxKeyLength))
            throw new MessageFormatException($"'key' must have 1 to {JobLimits.MaxKeyLength} characters");
        if (spec.MaxAttempts is < 1 or > JobLimits.MaxAttempts)
            throw new MessageFormatException($"'maxAttempts' must be a whole number from 1 to {JobLimits.MaxAttempts}");
        if (spec.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > JobLimits.MaxTimeout))
            throw new MessageFormatException($"'timeout' must be above zero and at most {JobLimits.MaxTimeout:c}");
        if (spec.Tags.Count > JobLimits.MaxTags || spec.Tags.Any(tag => tag.Length is 0 or > JobLimits.MaxTagLength))
            throw new MessageFormatException($"'tags' may hold {JobLimits.MaxTags} of 1 to {JobLimits.MaxTagLength} characters each");
        if (spec.CorrelationId is { Length: > JobLimits.MaxCorrelationLength })
            throw new MessageFormatException($"'correlationId' may have {JobLimits.MaxCorrelationLength} characters");
        if (IsOutOfRange(spec.NotBefore) || IsOutOfRange(spec.ExpiresAt))
            throw new MessageFormatException($"'notBefore' and 'expiresAt' must lie in the years {JobLimits.FirstYear} to {JobLimits.LastYear}");
        if (spec.ExpiresAt <= spec.NotBefore)
            throw new MessageFormatException("'expiresAt' must lie after 'notBefore'");
    }

    private static bool IsOutOfRange(DateTimeOffset? time) => time?.UtcDateTime.Year is < JobLimits.FirstYear or > JobLimits.LastYear;

    public static bool IsTypeName(string type) =>
        type.Length is > 0 and <= JobLimits.MaxTypeLength
        && char.IsAsciiLetterOrDigit(type[0])
        && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
