using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of how long a condition must be true, or false, on one instance.</summary>
public sealed class AlertConditionTests
{
    // One character per 15 seconds: 1 true, 0 false, - no value; below it the resulting condition: . none, p pending, H holds.
    [Theory]
    [InlineData(0, 0, "0101", ".H.H")]
    [InlineData(30, 0, "0111100", "." + "pp" + "HH" + "..")]
    [InlineData(30, 0, "1101111", "pp.ppHH")]
    [InlineData(30, 0, "1010101010", "p.p.p.p.p.")]
    [InlineData(0, 30, "100000", "HH....")]
    [InlineData(0, 30, "1010101000", "HHHHHHHH..")]
    [InlineData(30, 30, "1110110000", "ppHHHHH...")]
    [InlineData(0, 30, "1---", "HH..")]
    [InlineData(15, 0, "1-11", "p.pH")]
    public void Next_OverTime_WaitsBeforeItHoldsAndBeforeItResolves(int forSeconds, int resolveAfter, string values, string expected)
    {
        var rule = AlertSamples.Rule(forSeconds, resolveAfter);
        var condition = default(AlertCondition);
        var seen = "";
        for (var i = 0; i < values.Length; i++)
        {
            condition = condition.Next(
                rule,
                values[i] == '-' ? null : values[i] - '0',
                fires: false,
                AlertSamples.Start.AddSeconds(15 * i));
            seen +=
                condition.Holds ? 'H'
                : condition.IsPending ? 'p'
                : '.';
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void Next_WhenItFiresOnAnotherInstance_DoesNotWait()
    {
        var rule = AlertSamples.Rule(forSeconds: 300);

        Assert.True(default(AlertCondition).Next(rule, 1, fires: true, AlertSamples.Start).Holds);
        Assert.False(default(AlertCondition).Next(rule, 0, fires: true, AlertSamples.Start).Holds);
    }

    [Fact]
    public void Next_DisabledRule_NeverHolds()
    {
        var rule = AlertSamples.Rule(resolveAfterSeconds: 300);
        var held = default(AlertCondition).Next(rule, 1, fires: false, AlertSamples.Start);

        Assert.True(held.Holds);
        Assert.False(held.Next(rule with { IsEnabled = false }, 1, fires: true, AlertSamples.Start).Holds);
    }

    [Theory]
    [InlineData(nameof(AlertOperator.Above), 0.999, false)]
    [InlineData(nameof(AlertOperator.Above), 1, false)]
    [InlineData(nameof(AlertOperator.Above), 1.001, true)]
    [InlineData(nameof(AlertOperator.AtLeast), 0.999, false)]
    [InlineData(nameof(AlertOperator.AtLeast), 1, true)]
    [InlineData(nameof(AlertOperator.Below), 0.999, true)]
    [InlineData(nameof(AlertOperator.Below), 1, false)]
    public void Next_AtTheThreshold_DependsOnTheOperator(string op, double value, bool expected) =>
        Assert.Equal(
            expected,
            default(AlertCondition).Next(
                AlertSamples.Rule() with { Operator = Enum.Parse<AlertOperator>(op) }, value, fires: false, AlertSamples.Start).Holds);
}
