using System.Globalization;
using JobPipeline.Http.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Reads query parameters and collects their validation errors, so that the response lists all of them. An empty value counts
/// as absent.
/// </summary>
internal sealed class QueryReader(HttpRequest request)
{
    public const string BadCursor = "is not a cursor that a list has returned";

    private readonly IQueryCollection _query = request.Query;

    /// <summary>Gets the validation errors, starting with those for unknown parameters.</summary>
    public List<ValidationError> Errors { get; } = [.. ApiRequestRules.ErrorsOf(request)];

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (bool.TryParse(text, out var flag))
            return flag;
        Errors.Add(new ValidationError(name, "must be true or false"));
        return null;
    }

    public string? Text(string name)
    {
        var values = _query[name];
        if (values.Count > 1)
            Errors.Add(new ValidationError(name, "must not be repeated"));
        return values is [{ Length: > 0 } value, ..] ? value : null;
    }

    public string[] Texts(string name) => [.. _query[name].Select(value => value ?? "")];

    public TimeSpan? Delay(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (!WireDuration.TryParse(text, out var delay))
            Errors.Add(new ValidationError(name, $"must be {WireDuration.Form}"));
        else if (delay < TimeSpan.Zero || delay > JobLimits.MaxDelay)
            Errors.Add(new ValidationError(name, $"must be from zero to {JobLimits.MaxDelay:c}"));
        else
            return delay;
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // An unescaped plus sign arrives as a space.
        if (!WireTime.TryParse(text.Replace(' ', '+'), out var time))
            Errors.Add(new ValidationError(name, WireTime.WhyNot(text)));
        else if (time.UtcDateTime.Year is < JobLimits.FirstYear or > JobLimits.LastYear)
            Errors.Add(new ValidationError(name, $"must be in the years {JobLimits.FirstYear} to {JobLimits.LastYear}"));
        else
            return time.ToUniversalTime();
        return null;
    }

    public JobId? Cursor(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (JobCursor.TryRead(text, out var id))
            return id;
        Errors.Add(new ValidationError(name, BadCursor));
        return null;
    }

    public int Number(string name, int ifAbsent, int max)
    {
        if (Text(name) is not { } text)
            return ifAbsent;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        Errors.Add(new ValidationError(name, $"must be a whole number from 1 to {max}"));
        return ifAbsent;
    }

    /// <summary>Reads an enum value by the name that responses use.</summary>
    public TEnum? Word<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        var words = Enum.GetNames<TEnum>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName).ToList();
        Errors.Add(new ValidationError(name, $"must be one of {string.Join(", ", words)}{NearestName.Hint(text, words)}"));
        return null;
    }
}
