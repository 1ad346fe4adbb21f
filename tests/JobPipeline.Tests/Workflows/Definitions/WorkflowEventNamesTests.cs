using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class WorkflowEventNamesTests
{
    private static readonly WorkflowDefinition Definition =
        new WorkflowBuilder("orders").WaitFor("wait", "approved").WaitFor("paid", "paid").Build();

    [Theory]
    [InlineData("approved")]
    [InlineData("order.approved:2-b_c")]
    [InlineData("7")]
    [InlineData("a..b")]
    public void IsName_ValidUrlSegment_IsTrueAndNeedsNoEscaping(string name)
    {
        Assert.True(WorkflowEventNames.IsName(name));
        Assert.Equal($"/events/{name}", new Uri($"http://localhost/events/{name}").AbsolutePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("a%2fb")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a b")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\n")]
    [InlineData("approved.")]
    [InlineData("-a")]
    [InlineData("genehmigt\u00fc")]
    [InlineData("\ud800")]
    [InlineData("\uff0f")]
    [InlineData("${{ input.event }}")]
    public void IsName_InvalidUrlSegment_IsFalse(string name)
    {
        Assert.False(WorkflowEventNames.IsName(name));
        Assert.Contains("letters, digits", WorkflowEventNames.WhyNeverTaken(Definition, name), StringComparison.Ordinal);
    }

    [Fact]
    public void IsName_LongText_IsTrueUpToTheLimit()
    {
        Assert.True(WorkflowEventNames.IsName(new string('a', WorkflowEventNames.MaxLength)));
        Assert.False(WorkflowEventNames.IsName(new string('a', WorkflowEventNames.MaxLength + 1)));
    }

    [Fact]
    public void WhyNeverTaken_NameWithoutAWaitingStep_SuggestsTheNearest()
    {
        Assert.Null(WorkflowEventNames.WhyNeverTaken(Definition, "approved"));
        Assert.Equal(
            "no step of 'orders' waits for 'aproved'; its steps wait for approved, paid; did you mean 'approved'?",
            WorkflowEventNames.WhyNeverTaken(Definition, "aproved"));
        Assert.Equal("no step of 'none' waits for an event", WorkflowEventNames.WhyNeverTaken(new WorkflowBuilder("none").Build(), "x"));
    }

    /// <summary>A running workflow instance keeps its definition, even if the rules for names have changed since.</summary>
    [Fact]
    public void WhyNeverTaken_NameOfAnOldDefinition_IsNull()
    {
        var old = new WorkflowBuilder("old").WaitFor("wait", "order approved").Build();
        Assert.Null(WorkflowEventNames.WhyNeverTaken(old, "order approved"));
    }
}
