namespace JobPipeline.Conformance;

/// <summary>The one place where a test waits for a real process: a condition, asked again until a deadline.</summary>
internal static class Poll
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first answer that satisfies the condition.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> condition, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (condition(answer))
                return answer;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"The condition did not come true within {Deadline}.");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
