using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Applies the limits of <see cref="JobLimits"/> to requests of this process and to messages alike.</summary>
internal static class JobSpecRules
{
    /// <exception cref="MessageFormatException">A field is invalid; the message names the first one.</exception>
    public static void Check(JobSpec spec)
    {
        foreach (var error in Errors(spec))
            throw new MessageFormatException(error.Message.StartsWith('\'') ? error.Message : $"'{error.Field}' {error.Message}");
    }

    /// <summary>Gets all validation errors, with the field names of a message.</summary>
    public static IEnumerable<ValidationError> Errors(JobSpec spec)
    {
        if (!IsTypeName(spec.Type))
            yield return new(
                "type",
                $"is '{spec.Type}', which is not a job type name: "
                    + $"use letters, digits, '.', '_' and '-', at most {JobLimits.MaxTypeLength} characters");
        if (spec.Key is { } key && (key.Length is 0 or > JobLimits.MaxKeyLength))
            yield return new("key", $"must have 1 to {JobLimits.MaxKeyLength} characters");
        if (spec.MaxAttempts is < 1 or > JobLimits.MaxAttempts)
            yield return new("maxAttempts", $"must be a whole number from 1 to {JobLimits.MaxAttempts}");
        if (spec.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > JobLimits.MaxTimeout))
            yield return new("timeout", $"must be above zero and at most {JobLimits.MaxTimeout:c}");
        if (spec.Backoff is { } backoff && ErrorOf(backoff) is { } wrong)
            yield return new("backoff", wrong);
        if (spec.Tags.Count > JobLimits.MaxTags || spec.Tags.Any(tag => tag is not { Length: > 0 and <= JobLimits.MaxTagLength }))
            yield return new("tags", $"may have at most {JobLimits.MaxTags} entries of 1 to {JobLimits.MaxTagLength} characters each");
        if (spec.CorrelationId is { Length: > JobLimits.MaxCorrelationLength })
            yield return new("correlationId", $"may have at most {JobLimits.MaxCorrelationLength} characters");
        if (IsNoName(spec.Tenant))
            yield return new("tenant", $"must have 1 to {JobLimits.MaxTenantLength} characters");
        if (IsNoName(spec.Group))
            yield return new("group", $"must have 1 to {JobLimits.MaxTenantLength} characters");
        if (IsOutOfRange(spec.NotBefore) || IsOutOfRange(spec.ExpiresAt))
            yield return new(
                IsOutOfRange(spec.NotBefore) ? "notBefore" : "expiresAt",
                $"'notBefore' and 'expiresAt' must be in the years {JobLimits.FirstYear} to {JobLimits.LastYear}");
        if (spec.ExpiresAt <= spec.NotBefore)
            yield return new("expiresAt", "must be later than 'notBefore'");
    }

    public static string? ErrorOf(BackoffOverride backoff) =>
        backoff.Kind is { } kind && !Enum.IsDefined(kind)
            ? $"'backoff.kind' must be one of {string.Join(", ", Enum.GetValues<BackoffKind>().Select(BackoffJson.NameOf))}"
        : backoff is { Kind: BackoffKind.Listed, Delays: null } ? "'backoff.kind' is 'listed', but 'backoff.delays' is missing"
        : backoff is { Kind: not (null or BackoffKind.Listed), Delays: not null }
            ? "'backoff.delays' is only allowed with the kind 'listed'"
        : backoff.Delays is { Count: 0 or > RetrySchedule.MaxDelays } ? $"'backoff.delays' must have 1 to {RetrySchedule.MaxDelays} entries"
        : new[] { backoff.Base, backoff.Cap }.Concat(backoff.Delays?.Cast<TimeSpan?>() ?? [])
            .Any(delay => delay < TimeSpan.Zero || delay > RetrySchedule.MaxDelay)
            ? $"'backoff' may have delays from zero to {RetrySchedule.MaxDelay:c}"
        : backoff.Base > backoff.Cap ? "'backoff.base' is longer than 'backoff.cap'"
        : null;

    private static bool IsNoName(string? name) => name is { Length: 0 or > JobLimits.MaxTenantLength };

    private static bool IsOutOfRange(DateTimeOffset? time) => time is { } given && !WireTime.IsInRange(given);

    public static bool IsTypeName(string type) =>
        type.Length is > 0 and <= JobLimits.MaxTypeLength
        && char.IsAsciiLetterOrDigit(type[0])
        && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
