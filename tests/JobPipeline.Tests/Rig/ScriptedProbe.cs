using JobPipeline.Limits.Governor;

namespace JobPipeline.Tests.Rig;

/// <summary>A probe that measures what the test sets.</summary>
internal sealed class ScriptedProbe(long limit) : IResourceProbe
{
    public double Used { get; set; }

    public ResourceSample? Sample() => new ResourceSample((long)(Used * limit), limit);
}
