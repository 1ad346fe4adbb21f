using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IAlertStore"/>.</summary>
public abstract class AlertStoreConformance : Suite
{
    private static readonly Alert Full = new()
    {
        Rule = "circuit-open",
        AttributeValue = Samples.Awkward,
        FiringSince = Samples.Now,
        Witnesses = ["a:1:beef", Samples.Awkward],
        OrphanedSince = Samples.Now.AddTicks(1),
        AnnouncedSince = Samples.Now.AddTicks(2),
        Value = 0.1 + 0.2,
        Unsent = new AlertNotification
        {
            Id = "msg_1",
            Kind = AlertNotificationKind.Resolved,
            Rule = "circuit-open",
            Title = Samples.Awkward,
            Severity = 2,
            Metric = "jobpipeline.circuit.open_time",
            Attribute = "jobpipeline.circuit.name",
            AttributeValue = Samples.Awkward,
            Value = 1.0 / 3,
            Operator = ">=",
            Threshold = 600,
            Window = TimeSpan.FromMinutes(5),
            Since = Samples.Now,
            At = Samples.Now.AddTicks(3),
            Instance = "a:1:beef",
            Runbook = "docs/runbook.md#the-circuit-is-open",
        },
    };

    private protected abstract IAlertStore Store { get; }

    [Fact]
    public async Task Write_OfANewAlert_IsReadAsWritten()
    {
        var version = await Store.TryWriteAsync(Full, Token);

        var read = Assert.Single((await Store.ReadAsync(Token)).Alerts);

        Assert.NotNull(version);
        Assert.True(read.IsSameAs(Full with { Version = version }), $"{read}");
    }

    [Fact]
    public async Task Write_OfAnEmptyAlert_IsReadAsWritten()
    {
        var empty = new Alert { Rule = "failure-rate" };

        var version = await Store.TryWriteAsync(empty, Token);

        Assert.True(Assert.Single((await Store.ReadAsync(Token)).Alerts).IsSameAs(empty with { Version = version }));
    }

    [Fact]
    public async Task Write_OfEachAttributeValue_IsASeparateRow()
    {
        string?[] values =
        [
            null, "", "jobs", "JOBS", Samples.Awkward, "/\\#?%", "a_b", "a_005fb", new string('漢', 60), new string('漢', 1000),
            new string('漢', 1000) + "a",
        ];

        foreach (var value in values)
            Assert.NotNull(await Store.TryWriteAsync(new Alert { Rule = "oldest-job-waits", AttributeValue = value }, Token));

        Assert.Equal(
            values.Order(StringComparer.Ordinal),
            (await Store.ReadAsync(Token)).Alerts.Select(alert => alert.AttributeValue).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_OfASecondNewAlert_IsRejected()
    {
        await Store.TryWriteAsync(Full, Token);

        Assert.Null(await Store.TryWriteAsync(Full with { Value = 7 }, Token));

        Assert.Equal(Full.Value, Assert.Single((await Store.ReadAsync(Token)).Alerts).Value);
    }

    [Fact]
    public async Task Write_OfAStaleVersion_ChangesNothing()
    {
        var first = await Store.TryWriteAsync(Full, Token);
        var second = await Store.TryWriteAsync(Full with { Value = 7, Unsent = null, FiringSince = null, Version = first }, Token);

        Assert.Null(await Store.TryWriteAsync(Full with { Value = 8, Version = first }, Token));

        Assert.NotNull(second);
        var read = Assert.Single((await Store.ReadAsync(Token)).Alerts);
        Assert.True(read.IsSameAs(Full with { Value = 7, Unsent = null, FiringSince = null, Version = second }), $"{read}");
    }

    [Fact]
    public async Task Write_OfARemovedRow_DoesNotRestoreIt()
    {
        var stored = Full with { Version = await Store.TryWriteAsync(Full, Token) };
        Assert.True(await Store.TryRemoveAsync(stored, Token));

        Assert.Null(await Store.TryWriteAsync(stored, Token));
        Assert.Empty((await Store.ReadAsync(Token)).Alerts);
    }

    [Fact]
    public async Task Remove_OfAStaleVersion_RemovesNothing()
    {
        var old = Full with { Version = await Store.TryWriteAsync(Full, Token) };
        await Store.TryWriteAsync(old with { Value = 7 }, Token);

        Assert.False(await Store.TryRemoveAsync(old, Token));

        Assert.Single((await Store.ReadAsync(Token)).Alerts);
    }

    [Fact]
    public async Task Remove_Twice_ReturnsTrueOnce()
    {
        var stored = Full with { Version = await Store.TryWriteAsync(Full, Token) };

        Assert.True(await Store.TryRemoveAsync(stored, Token));
        Assert.False(await Store.TryRemoveAsync(stored, Token));
    }

    [Fact]
    public async Task Silence_OfARule_IsReplacedAndRemovedByItsName()
    {
        var other = new AlertSilence("cpu-high", Samples.Now, Samples.Now.AddHours(1), "ada", "load test");
        await Store.PutSilenceAsync(other, Token);
        await Store.PutSilenceAsync(new AlertSilence("failure-rate", Samples.Now, Samples.Now.AddHours(1), "ada", "one"), Token);
        var second = new AlertSilence("failure-rate", Samples.Now.AddTicks(1), Samples.Now.AddDays(30), Samples.Awkward, Samples.Awkward);

        await Store.PutSilenceAsync(second, Token);
        var both = (await Store.ReadAsync(Token)).Silences.ToHashSet();
        await Store.RemoveSilenceAsync("failure-rate", Token);
        await Store.RemoveSilenceAsync("failure-rate", Token);

        Assert.Equal([other, second], both);
        Assert.Equal(other, Assert.Single((await Store.ReadAsync(Token)).Silences));
    }

    [Fact]
    public async Task Read_OfNothing_IsEmpty()
    {
        var board = await Store.ReadAsync(Token);

        Assert.Empty(board.Alerts);
        Assert.Empty(board.Silences);
    }
}
