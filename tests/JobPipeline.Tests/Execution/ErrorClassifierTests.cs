using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using JobPipeline.Execution;
using JobPipeline.Failures;
using JobPipeline.Handlers;
using Polly.CircuitBreaker;

namespace JobPipeline.Tests.Execution;

public sealed class ErrorClassifierTests
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    private static readonly (string Name, Exception Error, ErrorKind Kind, TimeSpan? RetryAfter)[] Table =
    [
        ("rejected", new JobRejectedException(), ErrorKind.Permanent, null),
        ("JSON", new JsonException(), ErrorKind.Permanent, null),
        ("not supported", new NotSupportedException(), ErrorKind.Permanent, null),
        ("validation", new ValidationException(), ErrorKind.Permanent, null),
        ("throttled", new JobThrottledException("later"), ErrorKind.Throttled, HalfAMinute),
        ("throttled with a time", new JobThrottledException("later", TimeSpan.FromMinutes(7)), ErrorKind.Throttled, TimeSpan.FromMinutes(7)),
        ("open circuit", new BrokenCircuitException(), ErrorKind.Throttled, HalfAMinute),
        ("open circuit with a time", new BrokenCircuitException("open", TimeSpan.FromSeconds(3)), ErrorKind.Throttled, TimeSpan.FromSeconds(3)),
        ("isolated circuit", new IsolatedCircuitException(), ErrorKind.Throttled, HalfAMinute),
        ("time limit", new TimeoutException(), ErrorKind.Timeout, null),
        ("anything", new InvalidTimeZoneException(), ErrorKind.Transient, null),
        ("a wrapped rejection", new AggregateException(new JobRejectedException()), ErrorKind.Transient, null),
        ("cancelled by nobody we know", new OperationCanceledException(), ErrorKind.Transient, null),
        ("HTTP without an answer", new HttpRequestException("no route"), ErrorKind.Transient, null),
        .. new[] { 400, 401, 403, 404, 409, 410, 418, 422, 451, 499 }.Select(status => Http(status, ErrorKind.Permanent, null)),
        .. new[] { 408, 425, 500, 502, 503, 504, 599, 302 }.Select(status => Http(status, ErrorKind.Transient, null)),
        Http(429, ErrorKind.Throttled, HalfAMinute),
    ];

    public static TheoryData<string> Cases => [.. Table.Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classify_EachError_HasItsClass(string name)
    {
        var (_, error, kind, retryAfter) = Table.Single(line => line.Name == name);
        Assert.Equal(new ErrorClass(kind, retryAfter), new ErrorClassifier([]).Classify(error));
    }

    [Fact]
    public void Classify_WithRulesOfOthers_AsksThemFirstAndInOrder()
    {
        var classifier = new ErrorClassifier([new Rule(null), new Rule(new ErrorClass(ErrorKind.Permanent)), new Rule(new ErrorClass(ErrorKind.Timeout))]);
        Assert.Equal(ErrorKind.Permanent, classifier.Classify(new IOException()).Kind);
        Assert.Equal(ErrorKind.Permanent, new ErrorClassifier([new Rule(null)]).Classify(new JobRejectedException()).Kind);
    }

    private static (string, Exception, ErrorKind, TimeSpan?) Http(int status, ErrorKind kind, TimeSpan? retryAfter) =>
        ($"HTTP {status}", new HttpRequestException("no", null, (HttpStatusCode)status), kind, retryAfter);

    private sealed class Rule(ErrorClass? verdict) : IErrorRule
    {
        public ErrorClass? Classify(Exception error) => verdict;
    }
}
