using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using CsCheck;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Polly.CircuitBreaker;
using Polly.Timeout;

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
        (
            "throttled with a time",
            new JobThrottledException("later", TimeSpan.FromMinutes(7)),
            ErrorKind.Throttled,
            TimeSpan.FromMinutes(7)),
        ("open circuit", new BrokenCircuitException(), ErrorKind.Throttled, HalfAMinute),
        (
            "open circuit with a time",
            new BrokenCircuitException("open", TimeSpan.FromSeconds(3)),
            ErrorKind.Throttled,
            TimeSpan.FromSeconds(3)),
        ("isolated circuit", new IsolatedCircuitException(), ErrorKind.Throttled, HalfAMinute),
        ("time limit", new TimeoutException(), ErrorKind.Timeout, null),
        ("anything", new InvalidTimeZoneException(), ErrorKind.Transient, null),
        ("a wrapped rejection", new AggregateException(new JobRejectedException()), ErrorKind.Permanent, null),
        (
            "a rejection wrapped twice",
            new TargetInvocationException(new AggregateException(new JobRejectedException())),
            ErrorKind.Permanent,
            null),
        ("a rejection among others", new AggregateException(new JobRejectedException(), new IOException()), ErrorKind.Transient, null),
        ("not implemented", new NotImplementedException(), ErrorKind.Permanent, null),
        ("a policy's time limit", new TimeoutRejectedException(), ErrorKind.Timeout, null),
        ("HttpClient's own time limit", new TaskCanceledException("too long", new TimeoutException()), ErrorKind.Timeout, null),
        ("cancelled by an unknown token", new OperationCanceledException(), ErrorKind.Transient, null),
        ("HTTP without a response", new HttpRequestException("no route"), ErrorKind.Transient, null),
        (
            "a name that does not resolve",
            new HttpRequestException(HttpRequestError.NameResolutionError, "nxdomain", new SocketException((int)SocketError.HostNotFound)),
            ErrorKind.Transient,
            null),
        ("a closed socket", new SocketException((int)SocketError.ConnectionReset), ErrorKind.Transient, null),
        .. new[] { 400, 401, 403, 404, 409, 410, 418, 422, 451, 499 }.Select(status => Http(status, ErrorKind.Permanent, null)),
        .. new[] { 408, 425, 500, 502, 503, 504, 599, 302 }.Select(status => Http(status, ErrorKind.Transient, null)),
        Http(429, ErrorKind.Throttled, HalfAMinute),
    ];

    public static TheoryData<string> Cases => [.. Table.Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Classify_EachError_ReturnsItsClass(string name)
    {
        var (_, error, kind, retryAfter) = Table.Single(line => line.Name == name);
        Assert.Equal(new ErrorClass(kind, retryAfter), new ErrorClassifier([]).Classify(error));
    }

    [Fact]
    public void Classify_WithCustomRules_EvaluatesThemFirstAndInOrder()
    {
        var classifier = new ErrorClassifier([
            new Rule(null),
            new Rule(new ErrorClass(ErrorKind.Permanent)),
            new Rule(new ErrorClass(ErrorKind.Timeout)),
        ]);
        Assert.Equal(ErrorKind.Permanent, classifier.Classify(new IOException()).Kind);
        Assert.Equal(ErrorKind.Permanent, new ErrorClassifier([new Rule(null)]).Classify(new JobRejectedException()).Kind);
    }

    [Fact]
    public void Classify_WithRulesOfDifferentOrder_EvaluatesTheLowestFirst() =>
        Assert.Equal(
            ErrorKind.Timeout,
            new ErrorClassifier([new Rule(new ErrorClass(ErrorKind.Permanent)) { Order = 1 }, new Rule(new ErrorClass(ErrorKind.Timeout))])
                .Classify(new IOException())
                .Kind);

    [Fact]
    public void Classify_WithARuleThatThrows_IgnoresTheRule()
    {
        var classifier = new ErrorClassifier([new Throwing(), new Rule(new ErrorClass(ErrorKind.Permanent))]);
        Assert.Equal(ErrorKind.Permanent, classifier.Classify(new IOException()).Kind);
    }

    /// <summary>Every loaded exception type with a default constructor is classified, however deeply it is wrapped.</summary>
    [Fact]
    public void Classify_AnyException_ReturnsAFailureClass()
    {
        var exceptions = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic)
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type =>
                type.IsSubclassOf(typeof(Exception))
                && !type.IsAbstract
                && !type.ContainsGenericParameters
                && type.GetConstructor([]) is not null)
            .Select(type => (Exception)Activator.CreateInstance(type)!)
            .ToList();
        Assert.True(exceptions.Count > 100);
        Gen.Select(Gen.OneOf(exceptions.ToArray()), Gen.Int[0, 10])
            .Sample(
                (inner, wraps) =>
                {
                    var error = Enumerable.Range(0, wraps).Aggregate(inner, (cause, _) => new AggregateException(cause));
                    Assert.Contains(
                        new ErrorClassifier([]).Classify(error).Kind,
                        new[] { ErrorKind.Permanent, ErrorKind.Transient, ErrorKind.Throttled, ErrorKind.Timeout });
                });
    }

    private static (string, Exception, ErrorKind, TimeSpan?) Http(int status, ErrorKind kind, TimeSpan? retryAfter) =>
        ($"HTTP {status}", new HttpRequestException("no", null, (HttpStatusCode)status), kind, retryAfter);

    private sealed class Throwing : IErrorRule
    {
        public ErrorClass? Classify(Exception error) => throw new InvalidOperationException("a bug in a rule");
    }

    private sealed class Rule(ErrorClass? verdict) : IErrorRule
    {
        public int Order { get; init; }

        public ErrorClass? Classify(Exception error) => verdict;
    }
}
