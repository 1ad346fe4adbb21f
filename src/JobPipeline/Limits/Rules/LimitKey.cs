using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Limits.Rules;

/// <summary>Finds out which key of a limit a job belongs to.</summary>
internal static class LimitKey
{
    /// <summary>The key of limits that are not divided, and of jobs without the value that divides them.</summary>
    public const string None = "";

    private const string Payload = "payload.";

    /// <summary>The JMESPath expression of a key that comes from the payload; null for any other key.</summary>
    public static string? ExpressionOf(string key) =>
        key.StartsWith(Payload, StringComparison.Ordinal) && key.Length > Payload.Length ? key[Payload.Length..] : null;

    /// <param name="key">What divides the limit; null for nothing.</param>
    /// <param name="spec">The job.</param>
    /// <param name="payload">The payload, for a key that comes from it.</param>
    /// <param name="expressions">Evaluates the expression; null if none is registered.</param>
    /// <exception cref="InvalidOperationException">The key needs an expression, and nothing evaluates it.</exception>
    /// <returns>The key; <see cref="None"/> if the job has no such value. Longer keys than a job may have are cut.</returns>
    public static string Of(string? key, JobSpec spec, ReadOnlyMemory<byte> payload, IExpressionEvaluator? expressions)
    {
        var value = key switch
        {
            null => None,
            "tenant" => spec.Tenant ?? None,
            "group" => spec.Group ?? spec.Tenant ?? None,
            "type" => spec.Type,
            _ => FromPayload(ExpressionOf(key)!, payload, expressions ?? throw new InvalidOperationException(
                $"The limit is divided by '{key}', but no {nameof(IExpressionEvaluator)} is registered: add the built-in jobs, or one of "
                    + "your own.")),
        };
        return Cut(value);
    }

    /// <summary>Cuts a key to the length that a job's may have.</summary>
    public static string Cut(string key) => key.Length <= JobLimits.MaxTenantLength ? key : key[..JobLimits.MaxTenantLength];

    private static string FromPayload(string expression, ReadOnlyMemory<byte> payload, IExpressionEvaluator expressions)
    {
        if (payload.IsEmpty)
            return None;
        try
        {
            using var document = JsonDocument.Parse(payload);
            var value = expressions.Evaluate(expression, document.RootElement);
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Null or JsonValueKind.Undefined => None,
                _ => value.GetRawText(),
            };
        }
        catch (WorkflowExpressionException)
        {
            // An expression that does not fit this payload finds no value in it.
            return None;
        }
    }
}
