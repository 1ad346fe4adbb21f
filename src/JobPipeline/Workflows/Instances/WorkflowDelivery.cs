using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Instances;

/// <summary>An event and the queue message that brought it.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Message">The event.</param>
/// <param name="Delivery">The message.</param>
internal sealed record WorkflowDelivery(int Index, WorkflowMessage Message, QueueDelivery Delivery);
