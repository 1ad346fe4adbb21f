namespace JobPipeline.Conformance;

/// <summary>Members shared by all suites.</summary>
public abstract class Suite
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;
}
