using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>What <see cref="IDeadLetterStore"/> promises.</summary>
public abstract class DeadLetterStoreConformance : Suite
{
    protected abstract IDeadLetterStore Store { get; }

    [Fact]
    public async Task Add_EveryField_IsReadAsWritten()
    {
        var letter = Samples.Letter(Samples.NewId());

        await Store.AddAsync(letter, Token);

        Assert.Equal(Samples.Text(letter with { Version = null }), await ReadTextAsync(letter.Id));
        Assert.Equal(Samples.Text(DeadLetterSummary.Of(letter)), Samples.Text(Assert.Single((await ListAsync(10)).Letters)));
    }

    [Fact]
    public async Task Add_OnlyWhatIsRequired_IsReadAsWritten()
    {
        var letter = new DeadLetter { Id = Samples.NewId(), Reason = DeadLetterReason.Unreadable, Detail = "", At = Samples.Now, Queue = JobLanes.Normal };

        await Store.AddAsync(letter, Token);

        Assert.Equal(Samples.Text(letter with { Version = null }), await ReadTextAsync(letter.Id));
    }

    [Fact]
    public async Task Add_Again_ChangesNothing()
    {
        var letter = Samples.Letter(Samples.NewId());
        var bare = new DeadLetter { Id = letter.Id, Reason = DeadLetterReason.Poison, Detail = "again", At = Samples.Now, Queue = JobLanes.Low };

        await Store.AddAsync(letter, Token);
        await Store.AddAsync(bare, Token);

        Assert.Equal(Samples.Text(letter with { Version = null }), await ReadTextAsync(letter.Id));
    }

    [Fact]
    public async Task Add_LargestMessage_IsKeptByteForByte()
    {
        var original = new byte[64 * 1024];
        new Random(1).NextBytes(original);
        var letter = Samples.Letter(Samples.NewId()) with { Original = original };

        await Store.AddAsync(letter, Token);

        Assert.Equal(original, (await Store.ReadAsync(letter.Id, Token))!.Original.ToArray());
    }

    [Fact]
    public async Task Read_Unknown_IsNull() => Assert.Null(await Store.ReadAsync(Samples.NewId(), Token));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(1000, 12)]
    public async Task List_ManyLetters_NewestFirstAndNoMore(int max, int expected)
    {
        // Across a day's and a year's end, where partitions change.
        TimeSpan[] ages = [.. Enumerable.Range(0, 6).Select(i => TimeSpan.FromMilliseconds(i)), .. Enumerable.Range(1, 6).Select(i => TimeSpan.FromDays(i * 20))];
        var ids = ages.Select(age => JobId.Create(Samples.Now.AddDays(60) - age)).ToArray();
        await Task.WhenAll(ids.Reverse().Select(id => Store.AddAsync(Samples.Letter(id), Token)));

        var page = await ListAsync(max);

        Assert.Equal(ids.Take(expected), page.Letters.Select(letter => letter.Id));
    }

    private Task<DeadLetterPage> ListAsync(int limit) => Store.ListAsync(new DeadLetterFilter(), before: null, limit, Token);

    private async Task<string> ReadTextAsync(JobId id) => Samples.Text(await Store.ReadAsync(id, Token) is { } letter ? letter with { Version = null } : null);
}
