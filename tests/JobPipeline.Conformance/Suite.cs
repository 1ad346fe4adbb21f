namespace JobPipeline.Conformance;

/// <summary>What every suite shares.</summary>
public abstract class Suite
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;
}
