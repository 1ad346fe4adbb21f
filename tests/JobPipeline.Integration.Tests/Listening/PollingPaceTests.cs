using JobPipeline.SelfHost.Listening;

namespace JobPipeline.Integration.Tests.Listening;

public sealed class PollingPaceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Fact]
    public void After_EmptyLooks_DoublesUpToTheLongest()
    {
        var pace = new PollingPace(Longest);
        var pauses = Enumerable.Range(0, 9).Select(_ => pace.After(0).TotalMilliseconds);
        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000], pauses);
    }

    [Fact]
    public void After_MessagesOrAReset_StartsAnew()
    {
        var pace = new PollingPace(Longest);
        pace.After(0);
        pace.After(0);
        Assert.Equal(TimeSpan.Zero, pace.After(1));
        Assert.Equal(PollingPace.Shortest, pace.After(0));
        pace.After(0);
        pace.Reset();
        Assert.Equal(PollingPace.Shortest, pace.After(0));
    }
}
