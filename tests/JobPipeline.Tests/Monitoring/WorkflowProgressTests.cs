using JobPipeline.Handlers;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Monitoring;

/// <summary>Tests with workflow instances that the real runner advanced.</summary>
public sealed class WorkflowProgressTests
{
    private static readonly TimeSpan After = TimeSpan.FromHours(1);

    private static readonly string Child = FlowRig.Named("child", null, """ "ok": { "waitFor": "approved" } """);

    [Theory]
    [InlineData(""" "a": { "job": "flow.work", "payload": { "name": "silent" } } """, true)]
    [InlineData(
        """ "a": { "forEach": { "items": "${{ input.list }}", "maxParallel": 2, "job": "flow.work", "payload": { "name": "silent" } } } """,
        true)]
    [InlineData(""" "a": { "job": "flow.work", "payload": { "name": "silent" }, "timeout": "10:00:00" } """, true)]
    [InlineData(""" "a": { "waitFor": "approved" } """, false)]
    [InlineData(""" "a": { "waitFor": "approved", "timeout": "10:00:00" } """, false)]
    [InlineData(""" "a": { "delay": "10:00:00" } """, false)]
    [InlineData(""" "a": { "workflow": "child" } """, false)]
    [InlineData(""" "a": { "forEach": { "items": "${{ input.list }}", "maxParallel": 2, "workflow": "child" } } """, false)]
    [InlineData(
        """
        "a": {
          "job": "flow.work", "payload": { "name": "failing" },
          "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "10:00:00", "cap": "10:00:00" } } }
        """,
        false)]
    [InlineData(""" "a": { "job": "flow.work", "payload": { "name": "silent" } }, "b": { "waitFor": "approved" } """, false)]
    public async Task IsStuck_InstanceWithoutRecentProgress_IsTrueUnlessAStepMayWait(string steps, bool isStuck)
    {
        await using var rig = await StartAsync(steps);
        var now = rig.Harness.Time.GetUtcNow();
        var instance = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Running, StepStatus.Running), (instance.State.Status, instance.State.Steps[0].Status));

        Assert.False(WorkflowProgress.IsStuck(instance, instance.State.UpdatedAt + After - TimeSpan.FromSeconds(1), After));
        Assert.Equal(isStuck, WorkflowProgress.IsStuck(instance, now + After, After));
    }

    /// <summary>The retry became due, but nothing reacted.</summary>
    [Fact]
    public async Task IsStuck_OverdueRetry_IsTrue()
    {
        await using var rig = await StartAsync(
            """
            "a": {
              "job": "flow.work", "payload": { "name": "failing" },
              "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "02:00:00", "cap": "02:00:00" } } }
            """);

        Assert.False(WorkflowProgress.IsStuck(await rig.ReadAsync(), rig.Harness.Time.GetUtcNow().AddHours(1.9), After));
        Assert.True(WorkflowProgress.IsStuck(await rig.ReadAsync(), rig.Harness.Time.GetUtcNow().AddHours(3), After));
    }

    [Fact]
    public async Task IsStuck_SuspendedOrEndedInstance_IsFalse()
    {
        await using var rig = await StartAsync(""" "a": { "job": "flow.work", "payload": { "name": "silent" } } """);
        var later = rig.Harness.Time.GetUtcNow().AddDays(1);
        Assert.True(WorkflowProgress.IsStuck(await rig.ReadAsync(), later, After));

        await rig.AskAsync(new WorkflowEvent.SuspendRequested("a rest", "s1"));
        Assert.False(WorkflowProgress.IsStuck(await rig.ReadAsync(), later, After));
        await rig.AskAsync(new WorkflowEvent.ResumeRequested("r1"));
        Assert.True(WorkflowProgress.IsStuck(await rig.ReadAsync(), later, After));
        await rig.AskAsync(new WorkflowEvent.TerminateRequested("enough", "t1"));
        Assert.False(WorkflowProgress.IsStuck(await rig.ReadAsync(), later, After));
    }

    private static async Task<FlowRig> StartAsync(string steps)
    {
        var rig = new FlowRig(FlowRig.Flow(steps), Child);
        rig.Script.Act = static (payload, _, _) => payload.Name == "failing"
            ? throw new IOException("told to")
            : Task.FromResult<JobOutcome<string>>(JobOutcome.Snooze(TimeSpan.FromDays(30)));
        await rig.StartAsync(new { list = new[] { 1, 2 } });
        await rig.RunDueAsync();
        return rig;
    }
}
