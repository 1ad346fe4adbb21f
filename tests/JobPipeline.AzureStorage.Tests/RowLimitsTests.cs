using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The truncation of long texts, so that a row always fits.</summary>
[Slow]
public sealed class RowLimitsTests(SharedAccount account) : Suite, IClassFixture<SharedAccount>
{
    private static readonly string LongText = string.Concat(Enumerable.Repeat("\"<é😀", 20_000));

    private readonly TableJobStore _store = new(account.Clients.Table(StorageNames.Jobs));
    private readonly TableDeadLetterStore _deadLetters = new(account.Clients.Table(StorageNames.DeadLetters));

    [Fact]
    public async Task Apply_HugeReasonAndError_AreTruncatedAndStored()
    {
        var row = Samples.Attempt(Samples.NewId());
        var error = Samples.Error() with { Message = LongText, Stack = LongText, Type = LongText };

        var result = await _store.ApplyAsync(
            JobTransition.Reject(row, error, Samples.Now, DeadLetterReason.Poison, LongText, PriorityQueues.Normal, Samples.PlainSpec()),
                Token);

        Assert.True(result.Applied);
        var rows = await _store.ReadAsync(row.Job, Token);
        Assert.Equal(Column.Cut(LongText, 1000), rows.Record!.Status.Reason);
        Assert.Equal(error.Trimmed(), rows.Current!.Error);
    }

    [Fact]
    public async Task WriteDeadLetter_HugeTexts_KeepsTheNewestErrorsThatFit()
    {
        var errors = Enumerable.Range(0, 50).Select(i => Samples.Error() with { Message = $"{i} {LongText}", Stack = LongText }).ToArray();
        var deadLetter = Samples.Letter(Samples.NewId()) with { Detail = LongText, Errors = errors };

        await _deadLetters.AddAsync(deadLetter, Token);

        var read = (await _deadLetters.ReadAsync(deadLetter.Id, Token))!;
        Assert.Equal(Column.Cut(LongText, 4000), read.Detail);
        Assert.NotEmpty(read.Errors);
        Assert.Equal(errors.TakeLast(read.Errors.Count).Select(error => error.Trimmed()), read.Errors);
    }

    [Fact]
    public async Task Apply_LoneSurrogates_AreStored()
    {
        var row = Samples.Attempt(Samples.NewId());

        var result = await _store.ApplyAsync(
            JobTransition.Reject(
                row,
                Samples.Error() with { Message = "\uD83D" },
                Samples.Now,
                DeadLetterReason.Poison,
                "\uDE00\uD83D",
                PriorityQueues.Normal,
                Samples.PlainSpec()),
            Token);

        Assert.True(result.Applied);
        Assert.Equal("\uFFFD\uFFFD", (await _store.ReadAsync(row.Job, Token)).Record!.Status.Reason);
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("a😀b", 3, "a😀")]
    public void Cut_AnyText_NeverSplitsASurrogatePair(string text, int max, string expected) =>
        Assert.Equal(expected, Column.Cut(text, max));
}
