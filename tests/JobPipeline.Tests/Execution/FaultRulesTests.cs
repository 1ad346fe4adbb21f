using System.Text.Json;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Execution;

public sealed class FaultRulesTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new IOException("unplugged"), "Outage" },
        { new TimeoutException(), "Outage" },
        { new HttpRequestException("no route"), "Outage" },
        { new TaskCanceledException(), "Outage" },
        { new AggregateException("retries are over", new OverflowException(), new IOException()), "Outage" },
        { new AggregateException(new JsonException()), "Permanent" },
        { new JsonException("too deep"), "Permanent" },
        { new NotSupportedException(), "Permanent" },
        { new FormatException(), "Permanent" },
        { new WorkflowExpressionException("no"), "Permanent" },
        { new InvalidOperationException("half a surrogate pair"), "Unknown" },
        { new OverflowException(), "Unknown" },
        { new InvalidDataException("permanent by a custom rule"), "Permanent" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Of_AnException_IsAnOutageOnlyWhereThatIsKnown(Exception error, string kind) =>
        Assert.Equal(kind, new FaultRules([new Rule(), new ExpressionOutageRule()]).Of(error).ToString());

    [Fact]
    public void Perseverance_ForEachFaultKind_EndsWithinTwoDays()
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var (tries, waited) = (1, TimeSpan.Zero);
            for (; !RetryLimits.IsOver(kind, tries); tries++)
                waited += RetryLimits.PauseAfter(tries);
            Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromDays(2));
            Assert.Equal(kind == FaultKind.Permanent, tries == 1);
        }

        Assert.Equal(
            [2, 4, 8, 16, 32, 64, 128, 256, 300, 300],
            Enumerable.Range(1, 10).Select(tries => RetryLimits.PauseAfter(tries).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(5), RetryLimits.PauseAfter(int.MaxValue));
    }

    private sealed class Rule : IOutageRule
    {
        public bool? IsOutage(Exception error) => error is InvalidDataException ? false : null;
    }
}
