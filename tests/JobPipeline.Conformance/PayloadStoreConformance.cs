using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IPayloadStore"/>.</summary>
public abstract class PayloadStoreConformance : Suite
{
    public static TheoryData<int> Sizes => [0, 1, 100_000, 5_000_000];

    protected abstract IPayloadStore Store { get; }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Write_AnySize_IsReadByteForByte(int size)
    {
        var name = PayloadName.Payload(Samples.NewId());
        var content = new byte[size];
        new Random(size).NextBytes(content);

        await Store.WriteAsync(name, content, Token);

        Assert.Equal(content, (await Store.ReadAsync(name, Token))!.Value.ToArray());
    }

    [Fact]
    public async Task Read_Unknown_IsNull() => Assert.Null(await Store.ReadAsync(PayloadName.Result(Samples.NewId()), Token));

    [Fact]
    public async Task Write_Twice_Overwrites()
    {
        var name = PayloadName.Payload(Samples.NewId());

        await Store.WriteAsync(name, "a longer first"u8.ToArray(), Token);
        await Store.WriteAsync(name, "second"u8.ToArray(), Token);

        Assert.Equal("second"u8.ToArray(), (await Store.ReadAsync(name, Token))!.Value.ToArray());
    }

    [Fact]
    public async Task Write_NamesOfOneJob_AreKeptApart()
    {
        var id = Samples.NewId();
        PayloadName[] names = [PayloadName.Payload(id), PayloadName.Result(id), PayloadName.Error(id, 1), PayloadName.Error(id, 11)];

        await Task.WhenAll(names.Select(name => Store.WriteAsync(name, Samples.Bytes(name.Path), Token)));

        Assert.All(
            names,
            name => Assert.Equal(Samples.Bytes(name.Path), Store.ReadAsync(name, Token).GetAwaiter().GetResult()!.Value.ToArray()));
    }

    [Fact]
    public async Task Write_CallersBufferChangesLater_KeepsTheWrittenBytes()
    {
        var name = PayloadName.Payload(Samples.NewId());
        var content = "first"u8.ToArray();

        await Store.WriteAsync(name, content, Token);
        content[0] = (byte)'x';

        Assert.Equal("first"u8.ToArray(), (await Store.ReadAsync(name, Token))!.Value.ToArray());
    }
}
