using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace JobPipeline.Execution.Verdicts;

/// <summary>
/// Classifies the exceptions of handlers: by the registered rules in their order, then by the built-in ones. Every exception has a class,
/// and a rule that throws is ignored. An exception that only wraps another one is classified by that one.
/// </summary>
internal sealed class ErrorClassifier(IEnumerable<IErrorRule> rules, ILogger<ErrorClassifier>? logger = null)
{
    private const int MaxDepth = 8;
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(30);

    private readonly IErrorRule[] _rules = [.. rules.OrderBy(rule => rule.Order)];

    public ErrorClass Classify(Exception error)
    {
        var cause = error;
        for (var depth = 0; depth < MaxDepth && CauseOf(cause) is { } inner; depth++)
            cause = inner;
        foreach (var rule in _rules)
        {
            if (Ask(rule, cause) is { } verdict)
                return verdict;
        }

        return BuiltIn(cause);
    }

    private static ErrorClass BuiltIn(Exception error) => error switch
    {
        JobRejectedException or JsonException or ValidationException or NotSupportedException or NotImplementedException =>
            new ErrorClass(ErrorKind.Permanent),
        JobThrottledException throttled => new ErrorClass(ErrorKind.Throttled, throttled.RetryAfter),
        BrokenCircuitException broken => new ErrorClass(ErrorKind.Throttled, broken.RetryAfter ?? DefaultRetryAfter),
        // Without a status there was no response: a name that does not resolve, a closed socket, an expired certificate.
        HttpRequestException { StatusCode: { } status } => Of(status),
        TimeoutException or TimeoutRejectedException => new ErrorClass(ErrorKind.Timeout),
        // Not cancelled by the pipeline: the time limit of a client, which HttpClient reports by the inner exception.
        OperationCanceledException { InnerException: TimeoutException } => new ErrorClass(ErrorKind.Timeout),
        _ => new ErrorClass(ErrorKind.Transient),
    };

    private static ErrorClass Of(HttpStatusCode status) => (int)status switch
    {
        429 => new ErrorClass(ErrorKind.Throttled, DefaultRetryAfter),
        408 or 425 => new ErrorClass(ErrorKind.Transient),
        >= 400 and < 500 => new ErrorClass(ErrorKind.Permanent),
        _ => new ErrorClass(ErrorKind.Transient),
    };

    /// <summary>The exception that this one wraps without adding anything.</summary>
    private static Exception? CauseOf(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => only,
        TargetInvocationException or TypeInitializationException => error.InnerException,
        _ => null,
    };

    private ErrorClass? Ask(IErrorRule rule, Exception error)
    {
        try
        {
            return rule.Classify(error);
        }
        catch (Exception e)
        {
            if (logger is not null)
                ExecutionLog.RuleFailed(logger, e, rule.GetType().Name, error.GetType().Name);
            return null;
        }
    }
}
