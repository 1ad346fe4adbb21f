using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Instances;

/// <summary>An event and the delivery that contained it.</summary>
/// <param name="Index">The index of the delivery in its batch.</param>
/// <param name="Message">The event.</param>
/// <param name="Delivery">The delivery.</param>
internal sealed record WorkflowDelivery(int Index, WorkflowMessage Message, QueueDelivery Delivery);
