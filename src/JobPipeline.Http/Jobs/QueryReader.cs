using System.Globalization;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>Reads query parameters and keeps what is wrong with them, so that a caller hears of everything at once. An empty value counts as absent.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    /// <summary>A Functions key may travel in the query (ApiGate, the Functions host).</summary>
    private const string Key = "code";

    public const string BadCursor = "is none that a list has given";

    public List<FieldFault> Faults { get; } = [];

    /// <summary>A parameter that nobody reads is a misspelt one: without it, the answer would be another.</summary>
    public void RefuseOthers(params string[] known)
    {
        foreach (var name in query.Keys.Where(name => name != Key && !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
            Faults.Add(new FieldFault(name, $"is not a parameter; there are {string.Join(", ", known)}"));
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (bool.TryParse(text, out var flag))
            return flag;
        Faults.Add(new FieldFault(name, "must be true or false"));
        return null;
    }

    public string? Text(string name)
    {
        var values = query[name];
        if (values.Count > 1)
            Faults.Add(new FieldFault(name, "may be given once"));
        return values is [{ Length: > 0 } value, ..] ? value : null;
    }

    public string[] Texts(string name) => [.. query[name].Select(value => value ?? "")];

    public TimeSpan? Delay(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero && delay <= JobLimits.MaxDelay)
            return delay;
        Faults.Add(new FieldFault(name, $"must be a duration such as 00:10:00, at most {JobLimits.MaxDelay:c}"));
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // An unescaped plus sign arrives as a space.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is >= JobLimits.FirstYear and <= JobLimits.LastYear)
            return time;
        Faults.Add(new FieldFault(name, "must be an ISO 8601 time such as 2026-11-24T09:00:00Z"));
        return null;
    }

    public JobId? Cursor(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (JobCursor.TryRead(text, out var id))
            return id;
        Faults.Add(new FieldFault(name, BadCursor));
        return null;
    }

    public int Number(string name, int ifAbsent, int max)
    {
        if (Text(name) is not { } text)
            return ifAbsent;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        Faults.Add(new FieldFault(name, $"must be a whole number from 1 to {max}"));
        return ifAbsent;
    }

    /// <summary>By the words that answers use.</summary>
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

        Faults.Add(new FieldFault(name, $"must be one of {string.Join(", ", Enum.GetNames<TEnum>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}"));
        return null;
    }
}
