using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class BuilderTests
{
    private const string Json = """
        {
          "name": "orders", "version": 2, "description": "from the inbox to the archive", "output": "${{ steps.total.output }}",
          "steps": {
            "fetch": {
              "job": "orders.fetch", "payload": { "from": "${{ input.inbox }}", "limit": 100 }, "timeout": "00:05:00",
              "retry": { "maxAttempts": 3 }, "compensate": { "job": "orders.putBack", "payload": { "files": "${{ steps.fetch.output }}" } }
            },
            "load": {
              "forEach": {
                "items": "${{ steps.fetch.output.files }}", "maxParallel": 20, "job": "orders.load", "payload": { "file": "${{ item }}" }
              },
              "needs": ["fetch"], "retry": { "maxAttempts": 5, "backoff": { "kind": "linear", "base": "00:00:10", "cap": "00:01:00" } }
            },
            "shops": { "forEach": { "items": "${{ input.shops }}", "workflow": "shop", "input": { "shop": "${{ item.id }}" } } },
            "approve": { "waitFor": "approved", "onTimeout": "continue", "timeout": "1.00:00:00", "needs": ["load"] },
            "cool": { "delay": "00:00:30", "needs": ["approve"] },
            "total": { "workflow": "totals", "input": "${{ steps.load.output }}", "needs": ["load", "cool"], "when": "allDone" },
            "tell": {
              "job": "mail.send", "needs": ["total"], "when": "always",
              "retry": { "maxAttempts": 2, "backoff": { "delays": ["00:00:01", "00:01:00"] } }
            }
          }
        }
        """;

    private static WorkflowDefinition Built { get; } =
        new WorkflowBuilder("orders", version: 2)
            .Describe("from the inbox to the archive")
            .Job("fetch", "orders.fetch", new { From = "${{ input.inbox }}", Limit = 100 }, step =>
                step.Timeout(TimeSpan.FromMinutes(5)).Retry(3).Compensate("orders.putBack", new { Files = "${{ steps.fetch.output }}" }))
            .ForEach("load", "${{ steps.fetch.output.files }}", "orders.load", new { File = "${{ item }}" }, maxParallel: 20, step =>
                step.Needs("fetch")
                    .Retry(5, new RetrySchedule(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)) { Kind = BackoffKind.Linear }))
            .ForEachChild("shops", "${{ input.shops }}", "shop", new { Shop = "${{ item.id }}" })
            .WaitFor("approve", "approved", TimeoutRule.Continue, step => step.Needs("load").Timeout(TimeSpan.FromDays(1)))
            .Delay("cool", TimeSpan.FromSeconds(30), step => step.Needs("approve"))
            .Child("total", "totals", "${{ steps.load.output }}", step => step.Needs("load", "cool").When(TriggerRule.AllDone))
            .Job("tell", "mail.send", step: step =>
                step.Needs("total")
                    .When(TriggerRule.Always)
                    .Retry(
                        2,
                        StepRetry.Once.Backoff with
                        {
                            Kind = BackoffKind.Listed,
                            Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)],
                        }))
            .Return("${{ steps.total.output }}")
            .Build();

    [Fact]
    public void Build_EveryFeature_MatchesTheReader()
    {
        var read = WorkflowReader.Read(System.Text.Encoding.UTF8.GetBytes(Json), out var faults);
        Assert.Empty(faults);
        Assert.Equivalent(Built, read, strict: true);
        Assert.Equal(Text(Built), Text(read!));
    }

    [Fact]
    public void ReadAndWrite_EveryFeature_AreInverse()
    {
        var again = WorkflowReader.Read(WorkflowReader.Write(Built), out var faults);
        Assert.Empty(faults);
        Assert.Equal(Text(Built), Text(again!));
        Assert.Equal(["fetch", "load", "shops", "approve", "cool", "total", "tell"], again!.Steps.Select(step => step.Id));
        Assert.Equal(Built.Steps.Select(step => step.Action.GetType()), again.Steps.Select(step => step.Action.GetType()));
        Assert.Equal(
            Built.Steps.Select(step => (step.Timeout, step.When, step.Retry.MaxAttempts, step.Retry.Backoff.Kind)),
            again.Steps.Select(step => (step.Timeout, step.When, step.Retry.MaxAttempts, step.Retry.Backoff.Kind)));
    }

    private static string Text(WorkflowDefinition definition) => System.Text.Encoding.UTF8.GetString(WorkflowReader.Write(definition));
}
