namespace JobPipeline.Tests.Rig;

internal static class Patience
{
    /// <summary>A run that should have ended by virtual time: real time only turns a hang into a failure.</summary>
    public static Task<T> InTime<T>(this Task<T> run) => run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
