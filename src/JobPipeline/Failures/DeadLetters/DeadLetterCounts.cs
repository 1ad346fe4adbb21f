using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>How many dead letters a filter matches.</summary>
/// <param name="Total">All of them.</param>
/// <param name="IsExact">False: there are more, but the count stopped there.</param>
/// <param name="ByType">By job type; <c>""</c> holds those without one, and <see cref="Others"/> those of the types beyond the first 100.</param>
/// <param name="ByReason">By reason.</param>
public sealed record DeadLetterCounts(long Total, bool IsExact, IReadOnlyDictionary<string, long> ByType, IReadOnlyDictionary<DeadLetterReason, long> ByReason)
{
    /// <summary>Most letters that are counted.</summary>
    public const int Max = 100_000;

    /// <summary>Stands for all types beyond the first 100: what is dropped on a queue may name any number of them.</summary>
    public const string Others = "*";

    private const int MaxTypes = 100;

    /// <summary>Bounds the work where little matches.</summary>
    private const int MaxCalls = 200;

    internal static async Task<DeadLetterCounts> OfAsync(IDeadLetterStore letters, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        var byReason = new Dictionary<DeadLetterReason, long>();
        var total = 0L;
        Jobs.JobId? before = null;
        for (var calls = 0; calls < MaxCalls && total < Max; calls++)
        {
            var page = await letters.ListAsync(filter, before, IDeadLetterStore.MaxLimit, cancellationToken);
            total += page.Letters.Count;
            foreach (var letter in page.Letters)
            {
                var type = letter.Type ?? "";
                type = byType.ContainsKey(type) || byType.Count < MaxTypes ? type : Others;
                byType[type] = byType.GetValueOrDefault(type) + 1;
                byReason[letter.Reason] = byReason.GetValueOrDefault(letter.Reason) + 1;
            }

            if (page.Next is null)
                return new DeadLetterCounts(total, IsExact: true, byType, byReason);
            before = page.Next;
        }

        return new DeadLetterCounts(total, IsExact: false, byType, byReason);
    }
}
