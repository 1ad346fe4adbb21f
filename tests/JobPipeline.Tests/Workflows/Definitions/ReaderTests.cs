using System.Text;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class ReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("{}", "name, steps")]
    [InlineData("""{ "name": "x", "steps": { "a": null } }""", "steps.a")]
    [InlineData("""{ "name": "x", "steps": { "a": {} } }""", "steps.a")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "delay": "00:00:01" } } }""", "steps.a")]
    [InlineData(
        """{ "name": "x", "steps": { "a": { "jobb": "y" }, "b": { "delay": "5m" }, "c": { "job": "y", "needs": "a" } }, "stepz": 1 }""",
        "steps.a.jobb, steps.b.delay, steps.c.needs, stepz")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y" }, "a": { "job": "z" } } }""", "steps.a")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "needs": [null] } } }""", "steps.a.needs")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "when": "sometimes" } } }""", "steps.a.when")]
    [InlineData(
        """{ "name": "x", "steps": { "a": { "job": "y", "onTimeout": "fail", "input": 1 }, "b": { "workflow": "z", "payload": 1 } } }""",
        "steps.a.input, steps.a.onTimeout, steps.b.payload")]
    [InlineData(
        """
        { "name": "x", "steps": {
          "a": { "forEach": { "items": "i" } },
          "b": { "forEach": { "items": "i", "job": "y", "workflow": "z" } } } }
        """,
        "steps.a.forEach, steps.b.forEach")]
    [InlineData(
        """
        { "name": "x", "steps": {
          "a": { "forEach": { "items": "i", "job": "y", "input": 1 } },
          "b": { "forEach": { "items": "i", "workflow": "y", "payload": 1 } } } }
        """,
        "steps.a.forEach.input, steps.b.forEach.payload")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "compensate": {} } } }""", "steps.a.compensate")]
    [InlineData(
        """
        { "name": "x", "steps": {
          "a": { "job": "y", "retry": { "maxAttempts": 2, "backoff": { "kind": "linear", "delays": ["00:00:01"] } } } } }
        """,
        "steps.a.retry.backoff")]
    [InlineData(
        """{ "name": "x", "steps": { "a": { "job": "y", "retry": { "maxAttempts": 2, "backoff": { "base": "-00:00:01" } } } } }""",
        "steps.a.retry.backoff")]
    [InlineData("""{ "name": "x", "steps": { "a": { "job": "y", "retry": { "backoff": {} } } } }""", "steps.a.retry.maxAttempts")]
    public void Read_InvalidDefinition_ReturnsEveryErrorWithItsPath(string json, string paths)
    {
        Assert.Null(WorkflowReader.Read(Encoding.UTF8.GetBytes(json), out var faults));
        Assert.Equal(paths, string.Join(", ", faults.Select(fault => fault.Field).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Read_MisspelledMember_SuggestsTheNearest()
    {
        WorkflowReader.Read("""{ "name": "x", "steps": { "a": { "job": "y", "compensat": { "job": "z" } } } }"""u8, out var faults);
        Assert.Contains("'compensate'", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_AcceptsThem()
    {
        var read = WorkflowReader.Read("""
            {
              "$schema": "../docs/workflow.schema.json",
              "name": "x", // its name
              "steps": { "a": { "job": "y", }, },
            }
            """u8, out var faults);
        Assert.Empty(faults);
        Assert.Equal(new WorkflowStep("a", new JobAction("y")), Assert.Single(read!.Steps) with { Action = new JobAction("y") });
        Assert.Equal(("x", 1), (read.Name, read.Version));
    }
}
