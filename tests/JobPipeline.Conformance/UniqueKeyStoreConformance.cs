using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IUniqueKeyStore"/>.</summary>
public abstract class UniqueKeyStoreConformance : Suite
{
    private readonly string _type = $"type-{Guid.NewGuid():N}";

    public static TheoryData<string> Keys => ["k", Samples.Awkward, "/\\#?%", " ", new string('漢', JobLimits.MaxKeyLength)];

    protected abstract IUniqueKeyStore Store { get; }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Put_AnyKey_IsReadAsWritten(string text)
    {
        var key = Samples.Key(_type, text);

        Assert.True(await Store.TryPutAsync(key, Token));

        var read = await Store.ReadAsync(_type, text, Token);
        Assert.NotNull(read!.Version);
        Assert.Equal(Samples.Text(key), Samples.Text(read with { Version = null }));
    }

    [Fact]
    public async Task Put_LargestMessage_IsReadAsWritten()
    {
        var key = Samples.Key(_type, "k") with { Envelope = new byte[JobLimits.MaxMessageBytes] };

        Assert.True(await Store.TryPutAsync(key, Token));

        Assert.Equal(JobLimits.MaxMessageBytes, (await Store.ReadAsync(_type, "k", Token))!.Envelope.Length);
    }

    [Fact]
    public async Task Read_Unknown_IsNull() => Assert.Null(await Store.ReadAsync(_type, "nobody's", Token));

    [Fact]
    public async Task Put_Concurrently_OneIsFirst()
    {
        var keys = Enumerable.Range(0, 20).Select(_ => Samples.Key(_type, "k")).ToArray();

        var results = await Task.WhenAll(keys.Select(key => Store.TryPutAsync(key, Token)));

        var winner = Assert.Single(keys.Zip(results), pair => pair.Second).First;
        Assert.Equal(winner.Holder, (await Store.ReadAsync(_type, "k", Token))!.Holder);
    }

    [Fact]
    public async Task Put_OverTheStoredVersion_ReplacesOnce()
    {
        await Store.TryPutAsync(Samples.Key(_type, "k"), Token);
        var held = await Store.ReadAsync(_type, "k", Token);
        var successors = Enumerable.Range(0, 5).Select(_ => Samples.Key(_type, "k") with { Version = held!.Version }).ToArray();

        var results = await Task.WhenAll(successors.Select(key => Store.TryPutAsync(key, Token)));

        var winner = Assert.Single(successors.Zip(results), pair => pair.Second).First;
        Assert.Equal(winner.Holder, (await Store.ReadAsync(_type, "k", Token))!.Holder);
    }

    [Fact]
    public async Task Put_OverAStaleVersion_IsRejected()
    {
        await Store.TryPutAsync(Samples.Key(_type, "other"), Token);
        var version = (await Store.ReadAsync(_type, "other", Token))!.Version;

        Assert.False(await Store.TryPutAsync(Samples.Key(_type, "k") with { Version = version }, Token));
        Assert.Null(await Store.ReadAsync(_type, "k", Token));
    }

    [Fact]
    public async Task Put_SameKeyOfAnotherType_IsAnotherKey()
    {
        Assert.True(await Store.TryPutAsync(Samples.Key(_type, "k"), Token));
        Assert.True(await Store.TryPutAsync(Samples.Key(_type + "2", "k"), Token));
        Assert.True(await Store.TryPutAsync(Samples.Key(_type, "K"), Token));
    }
}
