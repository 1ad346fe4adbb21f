using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Samples.Workflow;

/// <summary>Reserves an amount, waits up to a day for an approval, and charges it. A failed charge releases the reservation.</summary>
public static class OrderWorkflow
{
    public static WorkflowDefinition Definition { get; } = new WorkflowBuilder("order")
        .Job("reserve", "order.reserve", new { amount = "${{ input.amount }}" }, step => step.Compensate("order.release"))
        .WaitFor("approval", "approved", step: step => step.Needs("reserve").Timeout(TimeSpan.FromDays(1)))
        .Job("charge", "order.charge", new { amount = "${{ input.amount }}" }, step => step.Needs("approval"))
        .Return("${{ steps.charge.output }}")
        .Build();
}
