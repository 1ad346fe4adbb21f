namespace JobPipeline.Limits.Governor;

/// <summary>
/// Measures the resources of this process. There is one for the process, however many pipelines it hosts: two that read the same files
/// see the same memory, and need not disagree.
/// </summary>
internal interface IResourceProbe
{
    /// <summary>Takes one sample. Returns null if memory can't be measured here. Never throws.</summary>
    ResourceSample? Sample();
}
