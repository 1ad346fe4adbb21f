namespace JobPipeline.Tests.Rig;

internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A run that should have ended by virtual time: real time only turns a hang into a failure.</summary>
    public static Task<T> InTime<T>(this Task<T> run) => run.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
