using System.Runtime.CompilerServices;

namespace JobPipeline.Conformance;

/// <summary>Polls a condition of a real service until it is true.</summary>
internal static class Poll
{
    // Catches hangs; far above what a slow machine needs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns the first value that satisfies the condition.</summary>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> ask,
        Predicate<T> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (condition(answer))
                return answer;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit,
                $"Waited {Limit} of real time for this, in vain: {what}. Seen last: {answer}");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
