using JobPipeline.Execution;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Running;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Tests.Jobs;

namespace JobPipeline.Tests.Execution;

public sealed class VerdictRulesTests
{
    private const int MaxAttempts = 3;
    private static readonly DateTimeOffset Now = Golden.At;
    private static readonly IOException Broken = new("unplugged");

    /// <summary>What the handler did, in which attempt, and what the job comes to.</summary>
    private static readonly (string Name, HandlerResult Answer, int Attempt, string Ending)[] Table =
    [
        ("success", Did(JobOutcome.Success()), 1, "Completed 0 bytes"),
        ("success with a result", Did(JobOutcome.Success(new { Sent = 3 })), 1, "Completed 10 bytes"),
        ("a result of just 32 KiB", Did(JobOutcome.Success(new string('x', (32 * 1024) - 2))), 1, "Completed 32768 bytes"),
        ("a result above 32 KiB", Did(JobOutcome.Success(new string('x', (32 * 1024) - 1))), 1, "Completed 32769 bytes in a blob"),
        ("a result that no JSON can hold", Did(JobOutcome.Success(new Endless())), 1, "DeadLettered PermanentFailure"),
        ("a result that throws", Did(JobOutcome.Success(new Thrower())), 1, "DeadLettered PermanentFailure"),
        ("a result of 61 levels", Did(JobOutcome.Success(Json(new string('[', 61) + new string(']', 61)))), 1, "Completed 122 bytes"),
        (
            "a result of 62 levels",
            Did(JobOutcome.Success(Json(new string('[', 62) + new string(']', 62)))),
            1,
            "DeadLettered PermanentFailure"),
        ("a result of 300 levels", Did(JobOutcome.Success(Nested(300))), 1, "DeadLettered PermanentFailure"),
        (
            "a result with half a surrogate pair in JSON",
            Did(JobOutcome.Success(Json("{\"a\":\"\\ud800\"}"))),
            1,
            "DeadLettered PermanentFailure"),
        (
            "a result with half a surrogate pair as a name",
            Did(JobOutcome.Success(Json("{\"\\ud800\":1}"))),
            1,
            "DeadLettered PermanentFailure"),
        ("a result with half a surrogate pair in a text", Did(JobOutcome.Success("\ud800")), 1, "Completed 8 bytes"),
        ("snooze", Did(JobOutcome.Snooze(TimeSpan.FromMinutes(5))), MaxAttempts, "Released 00:05:00"),
        ("snoozed forever", Did(JobOutcome.Snooze(TimeSpan.MaxValue)), 1, "Released 7.00:00:00"),
        ("throttled past the deadline", Threw(new JobThrottledException("later", TimeSpan.FromDays(100))), 1, "Released 7.00:00:00"),
        ("called off", Did(JobOutcome.Cancel("no more")), 1, "Cancelled no more"),
        ("failure as an outcome", Did(JobOutcome.Failure(Broken)), 1, "Retried Transient"),
        ("rejection as an outcome", Did(JobOutcome.Failure(new JobRejectedException("no"))), 1, "DeadLettered PermanentFailure"),
        ("no outcome", Did(null), 1, "Retried Transient"),
        ("no outcome in the last attempt", Did(null), MaxAttempts, "DeadLettered AttemptsExhausted"),
        ("an exception", Threw(Broken), 1, "Retried Transient"),
        ("an exception in the last attempt", Threw(Broken), MaxAttempts, "DeadLettered AttemptsExhausted"),
        ("an exception in an attempt too many", Threw(Broken), MaxAttempts + 1, "DeadLettered AttemptsExhausted"),
        ("a rejection", Threw(new JobRejectedException("no")), 1, "DeadLettered PermanentFailure"),
        (
            "throttled in the last attempt",
            Threw(new JobThrottledException("later", TimeSpan.FromMinutes(2))),
            MaxAttempts,
            "Released 00:02:00"),
        ("throttled for ever", Threw(new JobThrottledException("later", TimeSpan.MaxValue)), 1, "Released 7.00:00:00"),
        ("throttled into the deepest past", Threw(new JobThrottledException("later", TimeSpan.MinValue)), 1, "Released 00:00:00"),
        ("throttled into the past", Threw(new JobThrottledException("later", TimeSpan.FromMinutes(-2))), 1, "Released 00:00:00"),
        ("time limit", Threw(Broken, ErrorKind.Timeout), 1, "Retried Timeout"),
        ("time limit in the last attempt", Threw(Broken, ErrorKind.Timeout), MaxAttempts, "DeadLettered AttemptsExhausted"),
        ("host stopping in the last attempt", Threw(Broken, ErrorKind.HostStopping), MaxAttempts, "Released 00:00:00"),
        ("cancelled", Threw(Broken, ErrorKind.Cancelled), 1, "Cancelled cancelled while it ran"),
        ("lease lost", Threw(Broken, ErrorKind.LeaseLost), MaxAttempts, "Lost"),
        ("lease lost while it rejected", Threw(new JobRejectedException("no"), ErrorKind.LeaseLost), 1, "Lost"),
    ];

    private static System.Text.Json.JsonElement Json(string json) => System.Text.Json.JsonElement.Parse(json);

    private static object Nested(int levels)
    {
        object value = 1;
        for (var i = 0; i < levels; i++)
            value = new[] { value };
        return value;
    }

    public static TheoryData<string> Cases => [.. Table.Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void For_EachHandlerAnswer_ReturnsItsEnding(string name)
    {
        var (_, answer, attempt, ending) = Table.Single(line => line.Name == name);
        Assert.Equal(ending, Words(new VerdictRules(new ErrorClassifier([])).For(Job(attempt), answer, Now, "worker")));
    }

    [Fact]
    public void For_Failure_StoresTheError()
    {
        var ending = new VerdictRules(new ErrorClassifier([])).For(Job(2), Threw(Broken), Now, "worker");
        var retried = Assert.IsType<AttemptVerdict.Retried>(ending);
        var group = ErrorFingerprint.Of("mail.send", "System.IO.IOException", "unplugged", null);
        Assert.Equal(
            new AttemptError(ErrorKind.Transient, "System.IO.IOException", "unplugged", null, Now, TimeSpan.FromSeconds(2), "worker")
            {
                Group = group,
            },
            retried.Error);
        Assert.InRange(retried.RetryAt - Now, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void For_WrappedFailure_StoresTheInnerErrorAndItsStackTrace()
    {
        Exception thrown = Assert.Throws<AggregateException>(() =>
            Task.FromException(new System.Reflection.TargetInvocationException(Broken)).Wait(TestContext.Current.CancellationToken));

        var ending = new VerdictRules(new ErrorClassifier([])).For(Job(2), Threw(thrown), Now, "worker");

        var error = Assert.IsType<AttemptVerdict.Retried>(ending).Error;
        Assert.Equal(("System.IO.IOException", "unplugged"), (error.Type, error.Message));
        Assert.Contains(nameof(For_WrappedFailure_StoresTheInnerErrorAndItsStackTrace), error.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public void For_AggregateOfSeveralFailures_StoresThemTogether()
    {
        var ending = new VerdictRules(new ErrorClassifier([])).For(
            Job(2), Threw(new AggregateException(Broken, new InvalidDataException("torn"))), Now, "worker");

        Assert.Equal("System.AggregateException", Assert.IsType<AttemptVerdict.Retried>(ending).Error.Type);
    }

    [Fact]
    public void For_AThrottleRuleWithoutATime_WaitsHalfAMinute() =>
        Assert.Equal(
            "Released 00:00:30",
            Words(new VerdictRules(new ErrorClassifier([new Throttling()])).For(Job(1), Threw(Broken), Now, "worker")));

    [Theory]
    [InlineData("Retried", "Cancelled cancelled while it ran")]
    [InlineData("Released", "Cancelled cancelled while it ran")]
    [InlineData("Completed", "Completed 0 bytes")]
    [InlineData("DeadLettered", "DeadLettered PermanentFailure")]
    [InlineData("Cancelled", "Cancelled by itself")]
    public void On_ARowThatIsToBeCancelled_OnlyWhatIsNotFinalGivesWay(string ending, string expected)
    {
        var error = new AttemptError(ErrorKind.Transient, "T", "m", null, Now, default, "worker");
        AttemptVerdict decided = ending switch
        {
            "Retried" => new AttemptVerdict.Retried(error, Now),
            "Released" => new AttemptVerdict.Released(Now, DeferralReason.Snoozed, "later"),
            "Completed" => new AttemptVerdict.Completed(default, false),
            "DeadLettered" => new AttemptVerdict.DeadLettered(error, DeadLetterReason.PermanentFailure, "m"),
            _ => new AttemptVerdict.Cancelled("by itself"),
        };
        Assert.Equal(expected, Words(decided.On(Row(1) with { CancelRequested = true })));
        Assert.Same(decided, decided.On(Row(1)));
    }

    private static string Words(AttemptVerdict ending) => ending switch
    {
        AttemptVerdict.Completed done => $"Completed {done.Result.Length} bytes{(done.InBlob ? " in a blob" : "")}",
        AttemptVerdict.Retried retried => $"Retried {retried.Error.Kind}",
        AttemptVerdict.DeadLettered buried => $"DeadLettered {buried.Reason}",
        AttemptVerdict.Released released => $"Released {released.Until - Now}",
        AttemptVerdict.Cancelled off => $"Cancelled {off.Why}",
        _ => ending.GetType().Name,
    };

    private static HandlerResult Did(JobOutcome? outcome) => new(outcome, null, null, TimeSpan.FromSeconds(2));

    private static HandlerResult Threw(Exception error, ErrorKind? interruption = null) =>
        new(null, error, interruption, TimeSpan.FromSeconds(2));

    private static JobExecution Job(int attempt)
    {
        var delivery = new QueueDelivery(PriorityQueues.Normal, "m", Now, 1, default, "receipt");
        return new JobExecution(delivery, default, new JobMessage(Golden.Id, attempt, Golden.Minimal), place: null, CancellationToken.None)
        {
            Claim = new JobClaim(new InMemoryJobStore(), Row(attempt)),
            Descriptor = new JobDescriptor
            {
                Type = "mail.send",
                Queue = PriorityQueues.Normal,
                MaxAttempts = MaxAttempts,
                Timeout = TimeSpan.FromMinutes(1),
                Backoff = new RetrySchedule(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)),
            },
        };
    }

    private static Attempt Row(int number) => new()
    {
        Job = Golden.Id,
        Number = number,
        State = AttemptState.Running,
        ClaimId = Guid.Empty,
        Owner = "worker",
        LeaseUntil = Now.AddMinutes(1),
    };

    private sealed class Endless
    {
        public Endless Self => this;
    }

    private sealed class Thrower(string why = "a getter of the result threw")
    {
        public int Length => throw new ArithmeticException(why);
    }

    private sealed class Throttling : IErrorRule
    {
        public ErrorClass? Classify(Exception error) => new ErrorClass(ErrorKind.Throttled);
    }
}
