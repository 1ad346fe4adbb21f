namespace JobPipeline.Integration.Tests.Support;

/// <summary>
/// Waits for something that another process does and gives no signal of. The one place in the tests where real time
/// passes. The limit is for hangs: it is far above what a machine needs that is many times slower, and never an assertion
/// about speed. A failure says what was waited for, for how long, and what was seen last.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="condition">Asked again until it is true.</param>
    /// <param name="what">What is waited for, as a sentence.</param>
    /// <param name="seen">What there is instead; asked when the limit has passed.</param>
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

    /// <summary>For what lasts a while by its nature, such as an outage.</summary>
    public static Task ElapsedAsync(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        return TrueAsync(() => TimeProvider.System.GetElapsedTime(started) >= time, $"{time} have passed");
    }
}
