using System.Text;
using System.Text.Json;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>Values with every field set, and texts that storage services are known to mishandle.</summary>
internal static class Samples
{
    /// <summary>A time with all seven fractional digits.</summary>
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    /// <summary>
    /// Quotes, markup, control characters, a combining accent, right-to-left, beyond the BMP, and the two noncharacters that XML excludes.
    /// </summary>
    public const string Awkward = "a'\"&<>]]>\\ \r\n\t\u0001\u007f é e\u0301 שלום 漢字 😀 \uFEFF\uFFFE\uFFFF ?";

    public static JobId NewId() => JobId.Create(Now);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static JobSpec Spec() => new()
    {
        Type = "csv.import",
        Payload = Bytes($$"""{ "text": {{JsonSerializer.Serialize(Awkward)}} }"""),
        PayloadInBlob = true,
        Key = Awkward,
        NotBefore = Now.AddTicks(1),
        ExpiresAt = Now.AddTicks(2),
        MaxAttempts = 7,
        Timeout = TimeSpan.FromTicks(3_600_000_000_1),
        Backoff = new BackoffOverride
        {
            Base = TimeSpan.FromTicks(7),
            Cap = TimeSpan.FromDays(1),
            Delays = [TimeSpan.Zero, TimeSpan.FromMinutes(5)],
        },
        Tags = ["nightly", Awkward],
        Warnings = ["'notbefore' has no effect", Awkward],
        CorrelationId = Awkward,
        Tenant = Awkward,
        Group = Awkward[..^1],
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        Parent = NewId(),
        ReplayOf = NewId(),
        CallbackOf = NewId(),
        Workflow = new WorkflowOrigin("an:instance", new StepRun("step_1", Attempt: 2, Item: 3, IsCompensation: true, Generation: 4)),
        EnqueuedAt = Now.AddTicks(3),
    };

    public static JobSpec PlainSpec() => new() { Type = "csv.import", Payload = "{}"u8.ToArray(), EnqueuedAt = Now };

    public static JobStatus Status() => new()
    {
        State = JobState.DeadLettered,
        Attempt = 7,
        Since = Now.AddTicks(4),
        DueAt = Now.AddTicks(5),
        Reason = Awkward,
        IsExpedited = true,
        Result = Bytes("""{ "done": 1 }"""),
        ResultInBlob = true,
        DeadLetterReason = DeadLetterReason.KilledItsWorker,
        DuplicateOf = NewId(),
    };

    public static AttemptError Error() =>
        new(ErrorKind.Throttled, "System.IO.IOException", Awkward, $"at {Awkward}", Now.AddTicks(6), TimeSpan.FromTicks(7), "worker:1")
        {
            Group = "0123456789abcdef",
        };

    public static Attempt Attempt(JobId job, int number = 1) => new()
    {
        Job = job,
        Number = number,
        State = AttemptState.Running,
        ClaimId = Guid.NewGuid(),
        Owner = "worker:1",
        LeaseUntil = Now.AddMinutes(1),
        StartedAt = Now,
    };

    public static Attempt FullAttempt(JobId job) => Attempt(job) with
    {
        State = AttemptState.Failed,
        Deaths = 2,
        EndedAt = Now.AddTicks(8),
        Error = Error(),
        Progress = new JobProgress(long.MaxValue, long.MinValue, Awkward),
        Checkpoint = Bytes("""{ "row": 7 }"""),
        CancelRequested = true,
    };

    public static DeadLetter Letter(JobId id) => new()
    {
        Id = id,
        Reason = DeadLetterReason.KeyConflict,
        Detail = Awkward,
        At = Now.AddTicks(9),
        Queue = PriorityQueues.High,
        Type = "csv.import",
        Original = new byte[] { 0, 0xFF, 0xFE, 13, 10 },
        Errors = [Error(), Error() with { Kind = ErrorKind.Permanent, Stack = null }],
        ErrorGroup = "0123456789abcdef",
        Version = "any",
        Replays = [new Replay(NewId(), Now.AddTicks(10), Awkward), new Replay(NewId(), Now.AddTicks(11), "somebody")],
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    public static UniqueKey Key(string type, string key) =>
        new(type, key, NewId(), PriorityQueues.Low, Bytes(Awkward), Now.AddDays(1).AddTicks(1));

    /// <summary>A text that is equal for equal contents; records compare byte arrays and lists by reference.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value);
}
