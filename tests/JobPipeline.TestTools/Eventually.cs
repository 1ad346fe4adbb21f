using System.Runtime.CompilerServices;

namespace JobPipeline.TestTools;

/// <summary>
/// Waits for an effect of another process that sends no signal. The only place in the tests where real time passes. The limit
/// catches hangs: it is far above what a much slower machine needs, and never an assertion about speed. A failure states the
/// condition, the time waited and the last observed value.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="condition">Evaluated until it is true.</param>
    /// <param name="what">The awaited condition, as a sentence.</param>
    /// <param name="seen">Describes the current value; called when the limit has passed.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<Task<string>>? seen = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                Assert.Fail($"Waited {Limit} of real time for this, in vain: {what}.{(seen is null ? "" : $" Seen last: {await seen()}")}");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, Func<string>? seen = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, seen is null ? null : () => Task.FromResult(seen()));

    /// <summary>Returns the first value that satisfies the condition.</summary>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> read, Predicate<T> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var value = default(T)!;
        await TrueAsync(async () => condition(value = await read()), what, () => Task.FromResult($"{value}"));
        return value;
    }

    /// <summary>Waits for a given time, such as the length of an outage.</summary>
    public static Task ElapsedAsync(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        return TrueAsync(() => TimeProvider.System.GetElapsedTime(started) >= time, $"{time} have passed");
    }
}
