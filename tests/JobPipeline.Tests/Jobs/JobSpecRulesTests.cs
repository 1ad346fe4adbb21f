using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class JobSpecRulesTests
{
    private static readonly Dictionary<string, (JobSpec Last, JobSpec First)> Bounds = new(StringComparer.Ordinal)
    {
        ["job type"] = (Golden.Minimal with { Type = new string('a', 128) }, Golden.Minimal with { Type = new string('a', 129) }),
        ["is not a job type name"] = (Golden.Minimal with { Type = "0a._-" }, Golden.Minimal with { Type = ".a" }),
        ["letters"] = (Golden.Minimal with { Type = "a" }, Golden.Minimal with { Type = "ä" }),
        ["'key'"] = (Golden.Minimal with { Key = new string('k', 512) }, Golden.Minimal with { Key = new string('k', 513) }),
        ["1 to 512"] = (Golden.Minimal with { Key = "k" }, Golden.Minimal with { Key = "" }),
        ["'maxAttempts'"] = (Golden.Minimal with { MaxAttempts = 100 }, Golden.Minimal with { MaxAttempts = 101 }),
        ["from 1"] = (Golden.Minimal with { MaxAttempts = 1 }, Golden.Minimal with { MaxAttempts = 0 }),
        ["'timeout'"] = (
            Golden.Minimal with
            {
                Timeout = TimeSpan.FromDays(1),
            },
            Golden.Minimal with
            {
                Timeout = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1),
            }),
        ["above zero"] = (Golden.Minimal with { Timeout = TimeSpan.FromTicks(1) }, Golden.Minimal with { Timeout = TimeSpan.Zero }),
        ["'tags'"] = (Golden.Minimal with { Tags = Tags(16) }, Golden.Minimal with { Tags = Tags(17) }),
        ["64"] = (Golden.Minimal with { Tags = [new string('t', 64)] }, Golden.Minimal with { Tags = [new string('t', 65)] }),
        ["1 to 64"] = (Golden.Minimal with { Tags = ["t"] }, Golden.Minimal with { Tags = [""] }),
        ["1 to 20"] = (
            Golden.Minimal with { Backoff = new BackoffOverride { Delays = [.. Enumerable.Repeat(TimeSpan.Zero, 20)] } },
            Golden.Minimal with { Backoff = new BackoffOverride { Delays = [] } }),
        ["delays from zero to 6.00:00:00"] = (
            Golden.Minimal with { Backoff = new BackoffOverride { Cap = TimeSpan.FromDays(6) } },
            Golden.Minimal with { Backoff = new BackoffOverride { Delays = [TimeSpan.FromTicks(-1)] } }),
        ["'backoff.base' is longer"] = (
            Golden.Minimal with { Backoff = new BackoffOverride { Base = TimeSpan.FromSeconds(1), Cap = TimeSpan.FromSeconds(1) } },
            Golden.Minimal with { Backoff = new BackoffOverride { Base = TimeSpan.FromSeconds(2), Cap = TimeSpan.FromSeconds(1) } }),
        ["only allowed with the kind 'listed'"] = (
            Golden.Minimal with { Backoff = new BackoffOverride { Kind = BackoffKind.Listed, Delays = [TimeSpan.Zero] } },
            Golden.Minimal with { Backoff = new BackoffOverride { Kind = BackoffKind.Fixed, Delays = [TimeSpan.Zero] } }),
        ["'backoff.delays' is missing"] = (
            Golden.Minimal with
            {
                Backoff = new BackoffOverride { Kind = BackoffKind.Linear },
            },
            Golden.Minimal with
            {
                Backoff = new BackoffOverride { Kind = BackoffKind.Listed },
            }),
        ["'correlationId'"] = (
            Golden.Minimal with
            {
                CorrelationId = new string('c', 256),
            },
            Golden.Minimal with
            {
                CorrelationId = new string('c', 257),
            }),
        ["'expiresAt' must"] = (
            Golden.Minimal with
            {
                NotBefore = Golden.At,
                ExpiresAt = Golden.At.AddTicks(1),
            },
            Golden.Minimal with
            {
                NotBefore = Golden.At,
                ExpiresAt = Golden.At,
            }),
        ["2000 to 8999"] = (
            Golden.Minimal with
            {
                ExpiresAt = new(8999, 12, 31, 0, 0, 0, default),
            },
            Golden.Minimal with
            {
                ExpiresAt = DateTimeOffset.MaxValue,
            }),
        ["'notBefore' and"] = (
            Golden.Minimal with
            {
                NotBefore = new(2000, 1, 1, 0, 0, 0, default),
            },
            Golden.Minimal with
            {
                NotBefore = new(1999, 12, 31, 0, 0, 0, default),
            }),
    };

    public static TheoryData<string> Cases => [.. Bounds.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_AtEachLimit_AcceptsTheLastAndRejectsTheFirstBeyond(string word)
    {
        var (last, first) = Bounds[word];
        JobSpecRules.Check(last);
        Assert.Contains(word, Assert.Throws<MessageFormatException>(() => JobSpecRules.Check(first)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_SpecThatTheRulesAccept_ReadsIt(string word)
    {
        var spec = Bounds[word].Last;
        var reading = JobMessageReader.Read(JobMessageWriter.Write(Golden.Id, 1, spec), Golden.At);
        Golden.AssertSame(spec, Assert.IsType<MessageReading.Job>(reading).Message.Spec);
    }

    private static string[] Tags(int count) => [.. Enumerable.Repeat("t", count)];
}
