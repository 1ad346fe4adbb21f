namespace JobPipeline.Integration.Tests.Support;

/// <summary>
/// Waits for something that another process does and gives no signal of. The one place in the tests where real time
/// passes; the deadline is generous and never an assertion about speed.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                Assert.Fail($"after {Deadline} it is still not so: {what}");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>For what lasts a while by its nature, such as an outage.</summary>
    public static Task ElapsedAsync(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        return TrueAsync(() => TimeProvider.System.GetElapsedTime(started) >= time, $"{time} have passed");
    }
}
