using System.Net;
using System.Text.Json;
using JobPipeline.Failures;
using JobPipeline.Handlers;
using Polly.CircuitBreaker;

namespace JobPipeline.Execution;

/// <summary>What a failure means, and for a throttled one when to come back.</summary>
public readonly record struct ErrorClass(ErrorKind Kind, TimeSpan? RetryAfter = null);

/// <summary>One rule of the classifier; user code and adapters register their own. Null: no opinion.</summary>
public interface IErrorRule
{
    ErrorClass? Classify(Exception error);
}

/// <summary>Tells failures apart: registered rules first, in order, then the built-in ones. Total: every exception has a class.</summary>
public sealed class ErrorClassifier(IEnumerable<IErrorRule> rules)
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(30);

    private readonly IErrorRule[] _rules = [.. rules];

    public ErrorClass Classify(Exception error)
    {
        foreach (var rule in _rules)
        {
            if (rule.Classify(error) is { } verdict)
                return verdict;
        }

        return error switch
        {
            JobRejectedException or JsonException or NotSupportedException or System.ComponentModel.DataAnnotations.ValidationException =>
                new ErrorClass(ErrorKind.Permanent),
            JobThrottledException throttled => new ErrorClass(ErrorKind.Throttled, throttled.RetryAfter),
            BrokenCircuitException broken => new ErrorClass(ErrorKind.Throttled, broken.RetryAfter ?? DefaultRetryAfter),
            HttpRequestException { StatusCode: { } status } => Of(status),
            TimeoutException => new ErrorClass(ErrorKind.Timeout),
            _ => new ErrorClass(ErrorKind.Transient),
        };
    }

    private static ErrorClass Of(HttpStatusCode status) => (int)status switch
    {
        429 => new ErrorClass(ErrorKind.Throttled, DefaultRetryAfter),
        408 or 425 => new ErrorClass(ErrorKind.Transient),
        >= 400 and < 500 => new ErrorClass(ErrorKind.Permanent),
        _ => new ErrorClass(ErrorKind.Transient),
    };
}
