using System.Text;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IJobQueue"/> and <see cref="IJobQueueReceiver"/>.</summary>
public abstract class JobQueueConformance : Suite
{
    private const string Queue = PriorityQueues.Normal;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly byte[] Hello = Samples.Bytes("""{"type":"hello"}""");

    /// <summary>Bodies that XML, the wire format of the real service, would alter, reject or inflate.</summary>
    public static TheoryData<string, byte[]> Bodies => new()
    {
        { "plain", Hello },
        { "line ends", Samples.Bytes("{\r\n\t\"type\": \"x\"\r\n}") },
        { "a lone line feed", Samples.Bytes("{\n}") },
        { "a tab", Samples.Bytes("{\t}") },
        { "space around", Samples.Bytes("  {}  ") },
        { "markup", Samples.Bytes("{\"a\":\"<b c='d'>&amp;&lt;]]></b><![CDATA[ x ]]>&#13;\"}") },
        { "non-characters", Samples.Bytes("{\"a\":\"\uFFFE\uFFFF\"}") },
        { "a byte order mark inside", Samples.Bytes("{\"a\":\"\uFEFF\"}") },
        { "a byte order mark in front", Samples.Bytes("\uFEFF{}") },
        { "beyond the BMP", Samples.Bytes("{\"a\":\"😀𝄞\U0010FFFF\U0001FFFE\"}") },
        { "line separators and C1", Samples.Bytes("{\"a\":\"\u0085\u2028\u2029\u007f\u009f\"}") },
        { "a null and an escape", [(byte)'{', 0, 0x1B, (byte)'}'] },
        { "no UTF-8", [(byte)'{', 0xC3, 0x28, 0xED, 0xA0, 0x80, (byte)'}'] },
        { "most bytes", Filled("x") },
        { "most bytes of markup", Filled("<") },
        { "most bytes of ampersands", Filled("&") },
        { "most bytes of three each", Filled("漢") },
        { "most bytes of four each", Filled("😀") },
        { "most bytes with a line end", [.. Filled("x")[..^1], (byte)'\n'] },
    };

    protected abstract IJobQueue Sender { get; }

    protected abstract IJobQueueReceiver Receiver { get; }

    /// <summary>Advances the adapter's clock where the test controls it; otherwise real time passes while the test polls.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Send_AnyBody_ArrivesUnchangedOrAsBase64(string name, byte[] body)
    {
        Assert.NotEmpty(name);
        await Sender.SendAsync(Queue, body, TimeSpan.Zero, Token);

        var delivery = Assert.Single(await ReceiveAsync());

        // Readers of job messages accept the text itself or its base64.
        var arrived = delivery.Body.ToArray();
        Assert.Equal(body, arrived.AsSpan().SequenceEqual(body) ? arrived : Convert.FromBase64String(Encoding.ASCII.GetString(arrived)));
    }

    [Fact]
    public async Task Send_PlainText_TravelsAsText()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);

        Assert.Equal(Hello, Assert.Single(await ReceiveAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Send_WithDelay_IsHiddenUntilDue()
    {
        await Sender.SendAsync(Queue, Hello, Long, Token);
        Assert.Empty(await ReceiveAsync());

        await Sender.SendAsync(Queue, Samples.Bytes("{}"), Short, Token);
        await PassAsync(Short);

        Assert.Equal("{}"u8.ToArray(), Assert.Single(await UntilReceivedAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Send_DelayBeyondTheLongestHopOrNegative_IsAccepted()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.FromDays(400), Token);
        await Sender.SendAsync(Queue, Samples.Bytes("{}"), TimeSpan.FromDays(-1), Token);

        Assert.Equal("{}"u8.ToArray(), Assert.Single(await ReceiveAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Send_ToOneQueue_DoesNotAffectOthers()
    {
        await Sender.SendAsync(PriorityQueues.High, Hello, TimeSpan.Zero, Token);

        Assert.Empty(await ReceiveAsync());
        Assert.Equal(PriorityQueues.High, Assert.Single(await Receiver.ReceiveAsync(PriorityQueues.High, 32, Long, Token)).Queue);
    }

    [Fact]
    public async Task Receive_AfterVisibility_DeliversAgainAndCounts()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        var first = Assert.Single(await Receiver.ReceiveAsync(Queue, 1, Short, Token));
        await PassAsync(Short);

        var second = Assert.Single(await UntilReceivedAsync());

        Assert.Equal((1, 2), (first.DequeueCount, second.DequeueCount));
        Assert.Equal((first.MessageId, first.InsertedAt, first.DerivedId), (second.MessageId, second.InsertedAt, second.DerivedId));
        Assert.NotEqual(first.Receipt, second.Receipt, StringComparer.Ordinal);
        Assert.Equal(first.Body.ToArray(), second.Body.ToArray());
    }

    [Fact]
    public async Task SendHeld_Message_IsHiddenAndItsFirstReceiptIsARedelivery()
    {
        var sent = await Receiver.SendHeldAsync(Queue, Hello, Short, Token);
        Assert.Empty(await Receiver.ReceiveAsync(Queue, 1, Short, Token));
        await PassAsync(Short);

        var received = Assert.Single(await UntilReceivedAsync());

        Assert.Equal(sent.MessageId, received.MessageId);
        Assert.Equal(1, received.DequeueCount);
        Assert.Equal((false, true), (sent.IsRepeated(isSentHidden: true), received.IsRepeated(isSentHidden: true)));
        Assert.False(await Receiver.DeleteAsync(sent, Token));
    }

    [Fact]
    public async Task Receive_WhileHidden_DeliversNothing()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        Assert.Single(await ReceiveAsync());

        Assert.Empty(await ReceiveAsync());
    }

    [Fact]
    public async Task Receive_MoreThanTheMaximum_DeliversTheMaximum()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Sender.SendAsync(Queue, Encoding.UTF8.GetBytes($"{i}"), TimeSpan.Zero, Token)));

        var first = await Receiver.ReceiveAsync(Queue, 100, Long, Token);
        var rest = await Receiver.ReceiveAsync(Queue, 32, Long, Token);

        Assert.Equal((32, 8), (first.Count, rest.Count));
        Assert.Equal(
            40,
            first.Concat(rest).Select(delivery => Encoding.UTF8.GetString(delivery.Body.Span)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Hide_ByTheHolder_KeepsTheBodyAndChangesTheReceipt()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await ReceiveAsync());
        var receipt = delivery.Receipt;

        Assert.True(await Receiver.HideAsync(delivery, TimeSpan.Zero, Token));

        Assert.NotEqual(receipt, delivery.Receipt, StringComparer.Ordinal);
        var again = Assert.Single(await UntilReceivedAsync());
        Assert.Equal(Hello, again.Body.ToArray());
        Assert.Equal(2, again.DequeueCount);
    }

    [Fact]
    public async Task Hide_AgainWithTheNewReceipt_Works()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Receiver.ReceiveAsync(Queue, 1, Long, Token));

        Assert.True(await Receiver.HideAsync(delivery, Long, Token));
        Assert.True(await Receiver.HideAsync(delivery, TimeSpan.FromDays(400), Token));

        Assert.Empty(await ReceiveAsync());
        Assert.True(await Receiver.DeleteAsync(delivery, Token));
    }

    [Fact]
    public async Task HideAndDelete_WithStaleReceipt_AreRejectedAndChangeNothing()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        var stale = Assert.Single(await Receiver.ReceiveAsync(Queue, 1, Short, Token));
        await PassAsync(Short);
        var holder = Assert.Single(await UntilReceivedAsync());

        Assert.False(await Receiver.DeleteAsync(stale, Token));
        Assert.False(await Receiver.HideAsync(stale, TimeSpan.Zero, Token));

        Assert.Empty(await ReceiveAsync());
        Assert.True(await Receiver.DeleteAsync(holder, Token));
    }

    [Fact]
    public async Task HideAndDelete_OfADeletedMessage_AreRejected()
    {
        await Sender.SendAsync(Queue, Hello, TimeSpan.Zero, Token);
        var delivery = Assert.Single(await Receiver.ReceiveAsync(Queue, 1, Short, Token));

        Assert.True(await Receiver.DeleteAsync(delivery, Token));

        Assert.False(await Receiver.DeleteAsync(delivery, Token));
        Assert.False(await Receiver.HideAsync(delivery, Long, Token));
        await PassAsync(Short);
        Assert.Empty(await ReceiveAsync());
    }

    private static byte[] Filled(string part) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, JobLimits.MaxMessageBytes / Encoding.UTF8.GetByteCount(part))));

    private Task<IReadOnlyList<QueueDelivery>> ReceiveAsync() => Receiver.ReceiveAsync(Queue, 32, Long, Token);

    private Task<IReadOnlyList<QueueDelivery>> UntilReceivedAsync() =>
        Eventually.UntilAsync(ReceiveAsync, deliveries => deliveries.Count > 0);
}
