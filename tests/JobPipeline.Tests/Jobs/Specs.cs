using System.Text;
using System.Text.Json;
using CsCheck;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Jobs;

/// <summary>Generates valid specs, including awkward texts.</summary>
internal static class Specs
{
    private static readonly Gen<string> Word = Gen.OneOf("a", "Z", "7", "\"", "\\", "<", "é", "語", "😀", "\u0001", "\u2028", " ", "/");

    private static readonly Gen<DateTimeOffset> Time = Gen.Long[0, TimeSpan.FromDays(4000).Ticks]
        .Select(ticks => Golden.At.AddTicks(ticks));

    private static readonly Gen<string> Type = Gen.String[Gen.Char["abcXYZ019"], 1, 1]
        .Select(Gen.String[Gen.Char["abcXYZ019._-"], 0, 127], (first, rest) => first + rest);

    private static readonly Gen<ReadOnlyMemory<byte>> Payload = Gen.OneOf(
        Gen.Const(ReadOnlyMemory<byte>.Empty),
        Gen.OneOf("{}", "[]", "0", "-1.5e10", "true", "\"\"", "{ \"a\" : [ 1 , { } ] }", "\"\\ud83d\\ude00\"").Select(Bytes),
        Text(200).Select(text => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(new { text })));

    private static readonly Gen<TimeSpan> Wait = Gen.Long[0, RetrySchedule.MaxDelay.Ticks].Select(TimeSpan.FromTicks);

    private static readonly Gen<BackoffOverride> Backoff = Gen.OneOf(
        Wait.List[1, RetrySchedule.MaxDelays].Select(delays => new BackoffOverride { Delays = delays }),
        Gen.Select(
            Gen.OneOf<BackoffKind?>(BackoffKind.Exponential, BackoffKind.Linear, BackoffKind.Fixed, null),
            Wait,
            Wait,
            (kind, a, b) =>
                new BackoffOverride
                {
                    Kind = kind,
                    Base = a < b ? a : b,
                    Cap = a < b ? b : a,
                }));

    public static readonly Gen<JobSpec> Any = Gen.Select(
            Gen.Select(Type, Payload, Gen.Bool, Text(40).Null(), Time.Nullable()),
            Gen.Select(
                Gen.Long[1, TimeSpan.FromDays(900).Ticks].Nullable(),
                Gen.Int[1, 100].Nullable(),
                Gen.Long[1, JobLimits.MaxTimeout.Ticks].Nullable()),
            Gen.Select(Text(60).Array[0, 16], Text(80).Null(), Text(50).Null(), Gen.Bool, Time))
        .Select((a, b, c) => Build(a, b, c))
        .Select(Backoff.Null(), Gen.Bool, Gen.Bool, (spec, backoff, isReplay, isCallback) => spec with
        {
            Backoff = backoff,
            ReplayOf = isReplay ? Golden.Second : null,
            CallbackOf = isCallback ? Golden.Third : null,
        });

    /// <summary>Returns a spec with texts of maximum length, in which each character is an escape of six bytes in the message.</summary>
    public static JobSpec Longest(int payloadBytes) =>
        new()
        {
            Type = new string('t', JobLimits.MaxTypeLength),
            Payload = Bytes($"\"{new string('p', payloadBytes - 2)}\""),
            Key = new string('\u0001', JobLimits.MaxKeyLength),
            NotBefore = Golden.At.AddTicks(1),
            ExpiresAt = Golden.At.AddTicks(2),
            MaxAttempts = JobLimits.MaxAttempts,
            Timeout = TimeSpan.FromTicks(1),
            Tags = [.. Enumerable.Repeat(new string('\u0001', JobLimits.MaxTagLength), JobLimits.MaxTags)],
            CorrelationId = new string('\u0001', JobLimits.MaxCorrelationLength),
            TraceParent = new string('\u0001', JobLimits.MaxCorrelationLength),
            Parent = Golden.Parent,
            Backoff = new BackoffOverride
            {
                Delays = [.. Enumerable.Repeat(RetrySchedule.MaxDelay - TimeSpan.FromTicks(1), RetrySchedule.MaxDelays)],
            },
            ReplayOf = Golden.Second,
            CallbackOf = Golden.Third,
            EnqueuedAt = Golden.At.AddTicks(1),
        };

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Gen<string> Text(int words) => Word.Array[1, words / 2].Select(string.Concat);

    private static JobSpec Build(
        (string Type, ReadOnlyMemory<byte> Payload, bool InBlob, string? Key, DateTimeOffset? NotBefore) a,
        (long? Lifetime, int? MaxAttempts, long? Timeout) b,
        (string[] Tags, string? Correlation, string? Trace, bool HasParent, DateTimeOffset EnqueuedAt) c) => new()
        {
            Type = a.Type,
            Payload = a.InBlob ? default : a.Payload,
            PayloadInBlob = a.InBlob,
            Key = a.Key,
            NotBefore = a.NotBefore,
            ExpiresAt = b.Lifetime is { } lifetime ? (a.NotBefore ?? Golden.At).AddTicks(lifetime) : null,
            MaxAttempts = b.MaxAttempts,
            Timeout = b.Timeout is { } timeout ? TimeSpan.FromTicks(timeout) : null,
            Tags = c.Tags,
            CorrelationId = c.Correlation,
            TraceParent = c.Trace,
            Parent = c.HasParent ? Golden.Parent : null,
            EnqueuedAt = c.EnqueuedAt,
        };
}
