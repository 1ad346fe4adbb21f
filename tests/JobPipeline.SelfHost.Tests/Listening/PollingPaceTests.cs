using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class PollingPaceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestInSilence = TimeSpan.FromSeconds(8);

    private readonly VirtualTimeProvider _time = new();
    private readonly Silence _silence;

    public PollingPaceTests() => _silence = new Silence(_time, () => { });

    [Fact]
    public void After_EmptyPolls_DoublesUpToTheMaximum()
    {
        var pace = NewPace();
        var pauses = Enumerable.Range(0, 9).Select(_ => pace.After(0).TotalMilliseconds);
        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000], pauses);
    }

    [Fact]
    public void After_MessagesOrAReset_StartsAgain()
    {
        var pace = NewPace();
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
        var pace = NewPace();
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
        var pace = NewPace();
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
        var pace = NewPace();
        for (var i = 0; i < 32; i++)
            pace.Settled(isLeft: true);

        Assert.Equal(TimeSpan.FromSeconds(2), pace.After(32));
        Assert.Equal(TimeSpan.Zero, pace.After(32));
    }

    [Fact]
    public void After_AMinuteOfSilence_DoublesUpToTheLongerMaximum()
    {
        var pace = NewPace();
        PollUntil(pace, Longest);
        _time.Advance(Silence.Begins);
        Assert.Equal([4d, 8d, 8d], Enumerable.Range(0, 3).Select(_ => pace.After(0).TotalSeconds));

        // A message on another queue, or one that this process sent.
        _silence.End();
        Assert.Equal(Longest, pace.After(0));
    }

    [Fact]
    public void After_AMessageInASilence_EndsItForAllQueues()
    {
        var (pace, other) = (NewPace(), NewPace());
        _time.Advance(Silence.Begins);
        PollUntil(other, LongestInSilence);
        Assert.Equal(TimeSpan.Zero, pace.After(1));
        Assert.Equal(Longest, other.After(0));
    }

    [Fact]
    public void AfterFailure_InASilence_IsNotLongerThanTheMaximum()
    {
        var pace = NewPace();
        _time.Advance(Silence.Begins);
        PollUntil(pace, LongestInSilence);
        Assert.Equal(Longest, pace.AfterFailure());
    }

    [Fact]
    public void After_AMinuteOfSilence_IgnoresAShorterSecondMaximum()
    {
        var pace = new PollingPace(Longest, TimeSpan.FromSeconds(1), _silence);
        _time.Advance(Silence.Begins);
        PollUntil(pace, Longest);
        Assert.Equal(Longest, pace.After(0));
    }

    private PollingPace NewPace() => new(Longest, LongestInSilence, _silence);

    private static void PollUntil(PollingPace pace, TimeSpan longest)
    {
        while (pace.After(0) < longest)
            continue;
    }
}
