using Azure;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The requests that the queue sends to the service, and the failures that it passes on.</summary>
[Slow]
public sealed class QueueJobQueueTests(AzuriteFixture azurite) : Suite
{
    private readonly RequestProbe _probe = new();

    public static TheoryData<double, int> Delays =>
        new() { { 0, 0 }, { -5, 0 }, { 0.001, 1 }, { 1.001, 2 }, { 59, 59 }, { 1e9, 6 * 24 * 3600 } };

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Send_AnyDelay_IsRoundedUpAndNeverExpires(double seconds, int asked)
    {
        var queue = await NewQueueAsync();

        await queue.SendAsync(PriorityQueues.Normal, "{}"u8.ToArray(), TimeSpan.FromSeconds(seconds), Token);

        Assert.Equal(asked, Asked("visibilitytimeout"));
        Assert.Equal(-1, Asked("messagettl"));
    }

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Hide_AnyTime_IsRoundedUp(double seconds, int asked)
    {
        var queue = await NewQueueAsync();
        await queue.SendAsync(PriorityQueues.Normal, "{}"u8.ToArray(), TimeSpan.Zero, Token);
        var delivery = Assert.Single(await queue.ReceiveAsync(PriorityQueues.Normal, 1, TimeSpan.FromHours(1), Token));

        Assert.True(await queue.HideAsync(delivery, TimeSpan.FromSeconds(seconds), Token));

        Assert.Equal(asked, Asked("visibilitytimeout"));
    }

    [Fact]
    public async Task Receive_VisibilityBelowTheMinimum_IsOneSecond()
    {
        var queue = await NewQueueAsync();

        await queue.ReceiveAsync(PriorityQueues.Normal, 1, TimeSpan.Zero, Token);

        Assert.Equal(1, Asked("visibilitytimeout"));
    }

    [Fact]
    public async Task HideAndDelete_QueueIsMissing_Throw()
    {
        var queue = await NewQueueAsync();
        var delivery = new QueueDelivery("no-such-queue", Guid.NewGuid().ToString(), Samples.Now, 1, default, "cmVjZWlwdA==");

        await Assert.ThrowsAsync<RequestFailedException>(() => queue.DeleteAsync(delivery, Token));
        await Assert.ThrowsAsync<RequestFailedException>(() => queue.HideAsync(delivery, TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task Delete_ResponseIsLost_ReturnsFalseAndTheMessageIsDeleted()
    {
        var queue = await NewQueueAsync();
        await queue.SendAsync(PriorityQueues.Normal, "{}"u8.ToArray(), TimeSpan.Zero, Token);
        var delivery = Assert.Single(await queue.ReceiveAsync(PriorityQueues.Normal, 1, TimeSpan.FromHours(1), Token));
        _probe.LoseAnswers(1);

        Assert.False(await queue.DeleteAsync(delivery, Token));

        Assert.False(await queue.HideAsync(delivery, TimeSpan.Zero, Token));
    }

    private async Task<QueueJobQueue> NewQueueAsync()
    {
        var clients = _probe.Connect(azurite.NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", Token);
        return new QueueJobQueue(clients);
    }

    private int Asked(string parameter) =>
        int.Parse(
            System.Web.HttpUtility.ParseQueryString(_probe.Requests.Last().Query)[parameter]!,
            System.Globalization.CultureInfo.InvariantCulture);
}
