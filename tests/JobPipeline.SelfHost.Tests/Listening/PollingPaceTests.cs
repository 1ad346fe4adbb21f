using JobPipeline.SelfHost.Listening;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class PollingPaceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Fact]
    public void After_EmptyPolls_DoublesUpToTheMaximum()
    {
        var pace = new PollingPace(Longest);
        var pauses = Enumerable.Range(0, 9).Select(_ => pace.After(0).TotalMilliseconds);
        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000], pauses);
    }

    [Fact]
    public void After_MessagesOrAReset_StartsAgain()
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

    [Fact]
    public void After_AJobLeftToOtherInstances_WaitsTheMaximumOnceTheQueueIsEmpty()
    {
        var pace = new PollingPace(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, pace.After(1));
        pace.Settled(isLeft: true);

        Assert.Equal(TimeSpan.FromSeconds(2), pace.After(0));

        Assert.Equal(TimeSpan.FromSeconds(2), pace.After(0));
        Assert.Equal(TimeSpan.Zero, pace.After(1));
        Assert.Equal(PollingPace.Shortest, pace.After(0));
    }

    [Fact]
    public void After_AnOwnJobAmongThoseLeft_PollsAtOnce()
    {
        var pace = new PollingPace(TimeSpan.FromSeconds(2));
        pace.After(32);
        for (var i = 0; i < 31; i++)
            pace.Settled(isLeft: true);
        pace.Settled(isLeft: false);

        Assert.Equal(TimeSpan.Zero, pace.After(32));
        Assert.Equal(PollingPace.Shortest, pace.After(0));
    }

    [Fact]
    public void After_AWholeBatchLeft_WaitsAlthoughTheQueueHasMessages()
    {
        var pace = new PollingPace(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 32; i++)
            pace.Settled(isLeft: true);

        Assert.Equal(TimeSpan.FromSeconds(2), pace.After(32));
        Assert.Equal(TimeSpan.Zero, pace.After(32));
    }
}
