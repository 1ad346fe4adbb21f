using System.Collections.Immutable;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Conformance;

/// <summary>Workflow instances with every field set.</summary>
internal static class WorkflowSamples
{
    private static readonly JsonElement Template = JsonElement.Parse("""{ "a": "${{ input.x }}", "b": [1, null, true] }""");

    public static WorkflowDefinition Definition(string name = "order") => new(name, 3,
    [
        new WorkflowStep("work", new JobAction("csv.import", Template))
        {
            Retry = new StepRetry(3, new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) { Kind = BackoffKind.Linear }),
            Timeout = TimeSpan.FromMinutes(5),
            Compensate = new JobAction("csv.remove", Template),
        },
        new WorkflowStep("all", new ForEachAction("${{ input.list }}", new JobAction("csv.import", Template), 7)) { Needs = ["work"] },
        new WorkflowStep("ok", new WaitAction(Samples.Awkward, TimeoutRule.Continue))
        {
            Timeout = TimeSpan.FromDays(2),
            When = TriggerRule.AllDone,
            Needs = ["work"],
        },
        new WorkflowStep("pause", new DelayAction(TimeSpan.FromTicks(3_000_000_1))),
        new WorkflowStep("child", new ChildAction("other", Template)) { When = TriggerRule.Always },
    ])
    {
        Description = Samples.Awkward,
        Output = "${{ steps.work.output }}",
    };

    public static WorkflowInstance Instance(string id, DateTimeOffset? createdAt = null, string name = "order") => new()
    {
        Id = id,
        Definition = Definition(name),
        State = WorkflowMachine.Create(new WorkflowPlan(Definition(name)), id, createdAt ?? Samples.Now),
    };

    public static WorkflowInstance Full(string id)
    {
        var run = new StepRun("work", Attempt: 2, Item: 3, IsCompensation: true, Generation: 4);
        var slot = new Slot(2, 3)
        {
            StartAt = Samples.Now,
            SentAt = Samples.Now.AddTicks(1),
            IsHeld = true,
            Deadline = Samples.Now.AddTicks(2),
            IsStopping = true,
        };
        var step = new StepState
        {
            Status = StepStatus.Running,
            StartedAt = Samples.Now,
            EndedAt = Samples.Now.AddTicks(3),
            Slots = [slot, new Slot(1)],
            Items = 10,
            Begun = 5,
            Done = 4,
            IsFailing = true,
            Attempts = 2,
            Error = Samples.Awkward,
        };
        var instance = Instance(id);
        return instance with
        {
            State = instance.State with
            {
                Status = WorkflowStatus.Compensating,
                IsSuspended = true,
                Outcome = WorkflowStatus.Failed,
                Generation = 4,
                Reason = Samples.Awkward,
                UpdatedAt = Samples.Now.AddTicks(9),
                Steps = [.. Enumerable.Repeat(step, 5)],
                Completed = [2, 0],
                Mailbox = [new RaisedEvent("approved", "e1")],
                TakenEvents = ImmutableArray.Create("e0"),
            },
            Outbox =
            [
                new WorkflowEffect.Run(run, Samples.Now, Samples.Now.AddTicks(1)),
                new WorkflowEffect.Stop(run, Samples.Now, IsAbrupt: true),
                new WorkflowEffect.Expand(run),
                new WorkflowEffect.SetTimer(run, TimerPurpose.Timeout, Samples.Now),
                new WorkflowEffect.CancelTimer(run, TimerPurpose.Start),
                new WorkflowEffect.TakeEvent(run, "e0"),
                new WorkflowEffect.End(WorkflowStatus.Failed, Samples.Awkward),
            ],
            OutboxSaves = [new OutboxSave("1", "a-process", Samples.Now, 2), new OutboxSave("2", "b-process", Samples.Now.AddTicks(1), 5)],
            Parent = new WorkflowOrigin("a:parent", run),
            CorrelationId = Samples.Awkward,
            StagedInput = "a-start",
            IsBeingPurged = true,
            Stall = new WorkflowStall(3, Samples.Now, Samples.Now.AddTicks(1), Samples.Awkward, "a-message"),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
    }

    /// <summary>A text that is equal for equal contents.</summary>
    public static string Text(WorkflowInstance? instance) => instance is null ? "none" : JsonSerializer.Serialize(
        new
        {
            instance.Id,
            Definition = System.Text.Encoding.UTF8.GetString(WorkflowReader.Write(instance.Definition)),
            instance.State,
            instance.Outbox,
            instance.OutboxSaves,
            instance.Parent,
            instance.CorrelationId,
            instance.StagedInput,
            instance.IsBeingPurged,
            instance.TraceParent,
            instance.Stall,
        });
}
