using JobPipeline.Limits.Governor;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Limits.Governor;

/// <summary>The measurement at regular intervals.</summary>
public sealed class GovernorWatchTests
{
    private readonly ScriptedProbe _probe = new(1_000_000_000) { Used = 0.2 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithATypeThatDeclaresMoreThanTheBudget_WarnsAndMeasures()
    {
        await using var pipeline = Pipeline("700MB");
        using var watch = Watch(pipeline);

        await watch.StartAsync(Token);

        Assert.NotNull(pipeline.Get<ResourceGovernor>().State.Sample);
        Assert.Contains(
            pipeline.Log.Entries,
            entry => entry.Event.Id == 1245
                && entry.Text.Contains("declare 700MB of memory, more than the 680MB", StringComparison.Ordinal));
        _probe.Used = 0.95;
        // The service sets its timer on a thread of its own, perhaps after the first advance.
        await Eventually.TrueAsync(
            () =>
            {
                pipeline.Time.Advance(TimeSpan.FromSeconds(1));
                return pipeline.Get<ResourceGovernor>().IsIntakeClosed;
            },
            "the governor has measured again");
        await watch.StopAsync(Token);
    }

    [Fact]
    public async Task Start_WithTheGovernorOff_MeasuresNothing()
    {
        await using var pipeline = Pipeline("700MB", ("JobPipeline:Governor:Enabled", "false"));
        using var watch = Watch(pipeline);

        await watch.StartAsync(Token);

        Assert.Null(pipeline.Get<ResourceGovernor>().State.Sample);
        Assert.Null(pipeline.Get<ResourceGovernor>().DeclarableBytes);
        await watch.StopAsync(Token);
    }

    private static GovernorWatch Watch(TestPipeline pipeline) =>
        new(
            pipeline.Get<ResourceGovernor>(),
            pipeline.Get<JobPipeline.Handlers.JobRegistry>(),
            pipeline.Time,
            pipeline.Get<ILogger<ResourceGovernor>>());

    private TestPipeline Pipeline(string memory, params (string, string)[] settings) => TestPipeline.With(
        [typeof(ScriptedJob), typeof(OtherJob)],
        services => services.AddSingleton<IResourceProbe>(_probe),
        [($"JobPipeline:Jobs:{ScriptedJob.Type}:Memory", memory), .. settings]);
}
