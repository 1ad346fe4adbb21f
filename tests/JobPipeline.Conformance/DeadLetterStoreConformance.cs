using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>What <see cref="IDeadLetterStore"/> promises.</summary>
public abstract class DeadLetterStoreConformance : Suite
{
    protected abstract IDeadLetterStore Store { get; }

    [Fact]
    public async Task Write_EveryField_IsReadAsWritten()
    {
        var letter = Samples.Letter(Samples.NewId());

        await Store.WriteAsync(letter, Token);

        Assert.Equal(Samples.Text(letter), Samples.Text(await Store.ReadAsync(letter.Id, Token)));
        Assert.Equal(Samples.Text(letter), Samples.Text(Assert.Single(await Store.ListAsync(10, Token))));
    }

    [Fact]
    public async Task Write_OnlyWhatIsRequired_IsReadAsWritten()
    {
        var letter = new DeadLetter { Id = Samples.NewId(), Reason = DeadLetterReason.Unreadable, Detail = "", At = Samples.Now, Queue = JobLanes.Normal };

        await Store.WriteAsync(letter, Token);

        Assert.Equal(Samples.Text(letter), Samples.Text(await Store.ReadAsync(letter.Id, Token)));
    }

    [Fact]
    public async Task Write_Again_Overwrites()
    {
        var letter = Samples.Letter(Samples.NewId());
        var bare = new DeadLetter { Id = letter.Id, Reason = DeadLetterReason.Poison, Detail = "again", At = Samples.Now, Queue = JobLanes.Low };

        await Store.WriteAsync(letter, Token);
        await Store.WriteAsync(bare, Token);

        Assert.Equal(Samples.Text(bare), Samples.Text(Assert.Single(await Store.ListAsync(10, Token))));
    }

    [Fact]
    public async Task Write_LargestMessage_IsKeptByteForByte()
    {
        var original = new byte[64 * 1024];
        new Random(1).NextBytes(original);
        var letter = Samples.Letter(Samples.NewId()) with { Original = original };

        await Store.WriteAsync(letter, Token);

        Assert.Equal(original, (await Store.ReadAsync(letter.Id, Token))!.Original.ToArray());
    }

    [Fact]
    public async Task Read_Unknown_IsNull() => Assert.Null(await Store.ReadAsync(Samples.NewId(), Token));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(2000, 12)]
    public async Task List_ManyLetters_NewestFirstAndNoMore(int max, int expected)
    {
        // Across a day's and a year's end, where partitions change.
        TimeSpan[] ages = [.. Enumerable.Range(0, 6).Select(i => TimeSpan.FromMilliseconds(i)), .. Enumerable.Range(1, 6).Select(i => TimeSpan.FromDays(i * 20))];
        var ids = ages.Select(age => JobId.Create(Samples.Now.AddDays(60) - age)).ToArray();
        await Task.WhenAll(ids.Reverse().Select(id => Store.WriteAsync(Samples.Letter(id), Token)));

        var listed = await Store.ListAsync(max, Token);

        Assert.Equal(ids.Take(expected), listed.Select(letter => letter.Id));
    }
}
