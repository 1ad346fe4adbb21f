using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>The number of dead letters that match a filter.</summary>
/// <param name="Total">The total number.</param>
/// <param name="IsExact">False if there are more dead letters than were counted.</param>
/// <param name="ByType">The number by job type; <c>""</c> counts those without a type, and <see cref="Others"/> those of types beyond
/// the first 100.</param>
/// <param name="ByReason">The number by reason.</param>
internal sealed record DeadLetterCounts(
    long Total, bool IsExact, IReadOnlyDictionary<string, long> ByType, IReadOnlyDictionary<DeadLetterReason, long> ByReason)
{
    /// <summary>The maximum number of dead letters counted.</summary>
    public const int Max = 100_000;

    /// <summary>Stands for all types beyond the first 100: messages may name any number of types.</summary>
    public const string Others = "*";

    private const int MaxTypes = 100;

    /// <summary>Bounds the number of list calls when few dead letters match.</summary>
    private const int MaxCalls = 200;

    internal static async Task<DeadLetterCounts> OfAsync(
        IDeadLetterStore deadLetters, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        var byReason = new Dictionary<DeadLetterReason, long>();
        var total = 0L;
        Jobs.JobId? before = null;
        for (var calls = 0; calls < MaxCalls && total < Max; calls++)
        {
            var page = await deadLetters.ListAsync(filter, before, IDeadLetterStore.MaxLimit, cancellationToken);
            total += page.DeadLetters.Count;
            foreach (var deadLetter in page.DeadLetters)
            {
                var type = deadLetter.Type ?? "";
                type = byType.ContainsKey(type) || byType.Count < MaxTypes ? type : Others;
                byType[type] = byType.GetValueOrDefault(type) + 1;
                byReason[deadLetter.Reason] = byReason.GetValueOrDefault(deadLetter.Reason) + 1;
            }

            if (page.Next is null)
                return new DeadLetterCounts(total, IsExact: true, byType, byReason);
            before = page.Next;
        }

        return new DeadLetterCounts(total, IsExact: false, byType, byReason);
    }
}
