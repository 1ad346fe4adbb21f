using System.Text.Json;
using System.Text.RegularExpressions;
using JobPipeline.Jobs;

namespace JobPipeline.Alerts.Rules;

/// <summary>Reads an object of the rules file member by member, and collects validation errors with their paths.</summary>
internal sealed partial class RuleNode(JsonElement element, string path, List<ValidationError> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public void AddError(string member, string message) => errors.Add(new ValidationError(PathOf(member), message));

    public string Name(string member) => Text(member, NamePattern(), "be a name such as 'failure-rate'");

    public string Metric(string member) => Text(member, WordPattern(), "be a name such as 'jobpipeline.attempts'");

    public string? OptionalWord(string member) => Find(member) is null ? null : Metric(member);

    public string Anchor(string member) => Text(member, AnchorPattern(), "be an anchor such as 'the-circuit-is-open'");

    public string Words(string member) => Text(member, AnyPattern(), "be a string of 1 to 120 characters");

    public T Word<T>(string member, IReadOnlyDictionary<string, T> words)
    {
        if (Find(member) is { ValueKind: JsonValueKind.String } value && words.TryGetValue(value.GetString()!, out var found))
            return found;
        AddError(member, $"must be one of {string.Join(", ", words.Keys)}");
        return words.Values.First();
    }

    public double Number(string member, double min, double max)
    {
        if (Find(member) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetDouble(out var number)
            && number >= min
            && number <= max)
        {
            return number;
        }

        var range = double.IsInfinity(max) ? $" of at least {min}" : $" from {min} to {max}";
        AddError(member, double.IsInfinity(min) ? "must be a number" : $"must be a number{range}");
        return min;
    }

    public int Whole(string member, int min, int max)
    {
        if (Find(member) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetInt32(out var number)
            && number >= min
            && number <= max)
        {
            return number;
        }

        AddError(member, $"must be a whole number from {min} to {max}");
        return min;
    }

    public RuleNode? Child(string member)
    {
        if (Find(member) is not { } child)
            return null;
        if (child.ValueKind == JsonValueKind.Object)
            return new RuleNode(child, PathOf(member), errors);
        AddError(member, "must be an object");
        return null;
    }

    /// <summary>Reads a filter; a missing one includes every measurement.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter(string member)
    {
        var filter = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Find(member) is not { } value)
            return filter;
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any())
            AddError(member, "must be an object that maps at least one attribute to an array of values");
        else
        {
            foreach (var attribute in value.EnumerateObject())
            {
                if (!WordPattern().IsMatch(attribute.Name))
                    AddError($"{member}.{attribute.Name}", "is not a valid attribute name");
                if (attribute.Value.ValueKind == JsonValueKind.Array
                    && attribute.Value.GetArrayLength() > 0
                    && attribute.Value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String))
                {
                    filter[attribute.Name] = [.. attribute.Value.EnumerateArray().Select(entry => entry.GetString()!)];
                }
                else
                {
                    AddError($"{member}.{attribute.Name}", "must be an array with at least one string");
                }
            }
        }

        return filter;
    }

    /// <summary>Rejects unknown members. Call it after all members have been read.</summary>
    public void RefuseOthers()
    {
        foreach (var member in element.EnumerateObject().Where(member => !_known.Contains(member.Name)))
            AddError(member.Name, $"is not a member of a rule{NearestName.Hint(member.Name, _known)}");
    }

    private JsonElement? Find(string member)
    {
        _known.Add(member);
        return element.TryGetProperty(member, out var value) ? value : null;
    }

    private string Text(string member, Regex pattern, string what)
    {
        if (Find(member) is { ValueKind: JsonValueKind.String } value && value.GetString() is { } text && pattern.IsMatch(text))
            return text;
        AddError(member, $"must {what}");
        return "";
    }

    private string PathOf(string member) => path.Length == 0 ? member : $"{path}.{member}";

    [GeneratedRegex("^(?=.{1,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z][a-z0-9_.]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordPattern();

    [GeneratedRegex("^[a-z0-9-]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnchorPattern();

    [GeneratedRegex("^.{1,120}$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex AnyPattern();
}
