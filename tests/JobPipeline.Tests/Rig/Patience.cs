using System.Runtime.CompilerServices;

namespace JobPipeline.Tests.Rig;

/// <summary>
/// The limit of a wait for something that virtual time or a signal has set going: real time only turns a hang into a failure.
/// </summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Its result; a failure that names what was waited for, when it hangs.</summary>
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
            throw new TimeoutException($"Waited {Limit} of real time for this, in vain: {what}", e);
        }
    }
}
