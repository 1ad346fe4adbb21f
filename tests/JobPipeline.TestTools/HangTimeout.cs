using System.Runtime.CompilerServices;

namespace JobPipeline.TestTools;

/// <summary>
/// The timeout of waits for work started by virtual time or a signal; it only turns a hang into a failure.
/// </summary>
internal static class HangTimeout
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Returns the task's result, or throws an exception that names the awaited expression when it hangs.</summary>
    public static async Task<T> InTime<T>(this Task<T> run, [CallerArgumentExpression(nameof(run))] string what = "")
    {
        await InTime((Task)run, what);
        return await run;
    }

    /// <inheritdoc cref="InTime{T}"/>
    public static async Task InTime(this Task run, [CallerArgumentExpression(nameof(run))] string what = "")
    {
        try
        {
            await run.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e) when (!run.IsCompleted)
        {
            throw new TimeoutException($"Not completed within {Limit} of real time: {what}", e);
        }
    }
}
