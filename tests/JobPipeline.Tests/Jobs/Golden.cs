using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

/// <summary>The golden files of the wire format and the message in each of them.</summary>
internal static class Golden
{
    public static readonly DateTimeOffset At = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    public static readonly JobId Id = JobId.Parse("01a20cc8-8e80-7abc-8def-0123456789ab");
    public static readonly JobId Second = JobId.Parse("01a20cc8-8e80-7abc-8def-0123456789ac");
    public static readonly JobId Third = JobId.Parse("01a20cc8-8e80-7abc-8def-0123456789ad");
    public static readonly JobId Parent = JobId.Parse("01a20cc8-8e80-7abc-8def-012345678900");

    public static readonly JobSpec Minimal = new() { Type = "mail.send", EnqueuedAt = At };
    public static readonly JobSpec ToAda = Minimal with { Payload = "{\"to\":\"ada@example.com\"}"u8.ToArray() };

    public static readonly JobSpec Full = Minimal with
    {
        EnqueuedAt = At.AddTicks(1234567),
        Payload = "{\"to\":\"ada@example.com\",\"count\":3,\"sizes\":{\"späť\":1}}"u8.ToArray(),
        Key = "mail-42",
        NotBefore = At.AddDays(1),
        ExpiresAt = At.AddDays(2),
        MaxAttempts = 7,
        Timeout = TimeSpan.FromSeconds(150),
        Tags = ["nightly", "größe"],
        CorrelationId = "order-17",
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        Parent = Parent,
    };

    /// <summary>The files in the pipeline's own format, with one job each.</summary>
    public static readonly Dictionary<string, JobMessage> Written = new(StringComparer.Ordinal)
    {
        ["single-minimal.json"] = new(Id, 1, Minimal),
        ["single-full.json"] = new(Id, 1, Full),
        ["single-descent.json"] = new(Id, 1, Minimal with
        {
            Backoff = new BackoffOverride { Kind = BackoffKind.Linear, Base = TimeSpan.FromSeconds(10), Cap = TimeSpan.FromMinutes(10) },
            ReplayOf = Second,
            CallbackOf = Third,
        }),
        ["workflow-step.json"] = new(Id, 1, Minimal with { Workflow = new WorkflowOrigin("order-17", new StepRun("pack", Attempt: 2)) }),
        ["workflow-item.json"] = new(
            Id,
            1,
            Minimal with
            {
                Workflow = new WorkflowOrigin("order-17", new StepRun("pack", Attempt: 1, Item: 3, IsCompensation: true, Generation: 2)),
            }),
        ["backoff-list.json"] = new(
            Id,
            1,
            Minimal with
            {
                Backoff = new BackoffOverride { Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)] },
            }),
        ["tenant.json"] = new(Id, 1, Minimal with { Tenant = "acme", Group = "acme/eu" }),
        ["retry.json"] = new(Id, 3, ToAda),
        ["payload-reference.json"] = new(Id, 1, Minimal with { PayloadInBlob = true }),
    };

    /// <summary>The files in formats of foreign producers, inserted at <see cref="At"/>.</summary>
    public static readonly Dictionary<string, JobMessage> Foreign = new(StringComparer.Ordinal)
    {
        ["foreign.json"] = new(
            null,
            1,
            Minimal with
            {
                Payload = "{ \"to\": \"ada@example.com\" }"u8.ToArray(),
                Key = "mail-42",
                Tags = ["nightly"],
            }),
        ["foreign-base64.txt"] = new(
            null,
            1,
            Minimal with
            {
                Payload = "{ \"to\": \"ada@example.com\" }"u8.ToArray(),
                Key = "mail-42",
                Tags = ["nightly"],
            }),
        ["foreign-workflow.json"] = new(
            null,
            1,
            Minimal with
            {
                Type = "workflow.start",
                Payload = "{\"workflow\":\"order\",\"input\":{\"to\":\"ada@example.com\"}}"u8.ToArray(),
            }),
        ["cloudevent-data.json"] = new(null, 1, ToAda with { Key = "/shop A-17" }),
        ["cloudevent-data-base64.json"] = new(null, 1, ToAda with { Key = "/shop A-18" }),
    };

    /// <summary>A foreign message that could not be admitted, in the pipeline's format.</summary>
    public const string UnadmittedFile = "unadmitted.json";

    public static readonly JobMessage Unadmitted = new(Id, 1, ToAda with { Key = "mail-42" }) { IsUnadmitted = true };

    /// <summary>A message that its sender had first.</summary>
    public const string SentHiddenFile = "sent-hidden.json";

    public static readonly JobMessage SentHidden = new(Id, 1, ToAda with
    {
        Workflow = new WorkflowOrigin("order-17", new StepRun("pack", Attempt: 1)),
    })
    {
        IsSentHidden = true,
    };

    /// <summary>A message that a gate sent.</summary>
    public const string ReadyFile = "ready.json";

    public static readonly JobMessage Ready = new(Id, 2, ToAda with { Tenant = "acme" })
    {
        Ready = new ReadyMark(PriorityQueues.Low, [new ReadyGate("customers", "acme"), new ReadyGate("mail", "")]),
    };

    /// <summary>A message that someone asked for, so that the job runs now.</summary>
    public const string ReadyNowFile = "ready-now.json";

    public static readonly JobMessage ReadyNow = Ready with { Ready = new ReadyMark(PriorityQueues.Low, []) { Now = true } };

    public const string PackFile = "pack.json";

    public const string SentHiddenPackFile = "pack-sent-hidden.json";

    public static readonly (JobId Id, JobSpec Spec)[] Pack =
    [
        (Id, ToAda with { Type = "mail.count" }),
        (Second, Minimal with { Type = "mail.count", Payload = "[1,2]"u8.ToArray() }),
        (Third, Minimal with { Type = "mail.count" }),
    ];

    public static IEnumerable<string> Files => Written.Keys.Concat(Foreign.Keys)
        .Concat([UnadmittedFile, SentHiddenFile, ReadyFile, ReadyNowFile, PackFile, SentHiddenPackFile]);

    /// <summary>Returns the content of the file without the trailing line break that editors add.</summary>
    public static byte[] Bytes(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", file));
        return bytes[^1] == (byte)'\n' ? bytes[..^1] : bytes;
    }

    /// <summary>Compares specs by content, because records compare the memory and lists in them by reference.</summary>
    public static void AssertSame(JobSpec expected, JobSpec actual)
    {
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Backoff?.Delays, actual.Backoff?.Delays);
        string[] none = [];
        JobSpec Rest(JobSpec spec) =>
            spec with
            {
                Payload = default,
                Tags = none,
                Backoff = spec.Backoff is { } backoff ? backoff with { Delays = null } : null,
            };
        Assert.Equal(Rest(expected), Rest(actual));
    }
}
