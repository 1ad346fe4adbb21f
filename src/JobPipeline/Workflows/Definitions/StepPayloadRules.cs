using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Validates the payload template of a step's job without evaluating its expressions. Unknown members are rejected, because the
/// template is written for that job type alone.
/// </summary>
internal sealed class StepPayloadRules(JobRegistry jobs)
{
    public IEnumerable<ValidationError> Errors(string path, JobAction action)
    {
        if (jobs.Find(action.Type) is not { } type)
            return [new ValidationError($"{path}.job", jobs.WhyUnknown(action.Type))];
        var isThere = action.Payload.ValueKind != JsonValueKind.Undefined;
        var expressions = isThere ? Template.Expressions(action.Payload) : [];
        var open = expressions.Select(expression => expression.Path).ToHashSet(StringComparer.Ordinal);
        if (open.Contains(""))
            return [];
        var known = isThere ? JsonSerializer.SerializeToUtf8Bytes(Template.Blank(action.Payload)) : [];
        var errors = type.Validate(known).Where(error => !open.Any(place => IsAtOrBelow(error.Field, place)));
        var unknown = UnknownMembers.Of(action.Payload, type.PayloadType);
        return [.. errors.Concat(unknown).Select(error => error.Within($"{path}.payload"))];
    }

    private static bool IsAtOrBelow(string field, string place) =>
        field.Equals(place, StringComparison.OrdinalIgnoreCase)
        || field.StartsWith(place + ".", StringComparison.OrdinalIgnoreCase)
        || field.StartsWith(place + "[", StringComparison.OrdinalIgnoreCase);
}
