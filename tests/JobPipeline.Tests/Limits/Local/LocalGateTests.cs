using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Limits.Local;

public sealed class LocalGateTests
{
    private static readonly GateId Id = new("a", "");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_OfASlotInUse_IsRenewedHoweverOftenOthersAsk()
    {
        await using var harness = Harness(("Concurrency", "1"), ("OnLimit", "Drop"));
        var gate = GateOf(harness);
        Assert.IsType<GateAnswer.Open>(await gate.AskAsync());

        for (var second = 0; second < 300; second += 5)
        {
            harness.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.IsType<GateAnswer.Closed>(await gate.AskAsync());
        }

        var meter = await Store(harness).ReadMeterAsync(Id, Token);
        Assert.True(Assert.Single(meter.Owners).Until > harness.Time.GetUtcNow(), $"{meter.Owners[0]}");
    }

    [Fact]
    public async Task Slots_ThatAreIdle_AreReturned()
    {
        await using var harness = Harness(("Concurrency", "10"));
        var gate = GateOf(harness);
        var permit = Assert.IsType<GateAnswer.Open>(await gate.AskAsync()).Permit;
        Assert.NotEmpty((await Store(harness).ReadMeterAsync(Id, Token)).Owners);

        await permit.ReturnAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Meter.Fresh, await Store(harness).ReadMeterAsync(Id, Token));
    }

    [Fact]
    public async Task Permits_InAdvance_FollowTheDemand()
    {
        await using var harness = Harness(("Rate", "1000/00:00:01"), ("Burst", "1000"));
        var gate = GateOf(harness);

        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<GateAnswer.Open>(await gate.AskAsync());
            var taken = (await Store(harness).ReadMeterAsync(Id, Token)).NextArrival - harness.Time.GetUtcNow();
            // One for the job and one in advance: what is taken and not used is lost to others.
            Assert.True(taken <= TimeSpan.FromMilliseconds(2), $"{taken} of permits were taken for one job");
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var before = Store(harness).Operations;
        for (var i = 0; i < 100; i++)
            Assert.IsType<GateAnswer.Open>(await gate.AskAsync());
        Assert.InRange(Store(harness).Operations - before, 1, 20);
    }

    [Fact]
    public async Task Gate_ThatWasRetired_SendsToAnother()
    {
        await using var harness = Harness(("Concurrency", "1"));
        var gates = harness.Services.GetRequiredService<LocalGates>();
        var old = GateOf(harness);
        await Assert.IsType<GateAnswer.Open>(await old.AskAsync()).Permit.ReturnAsync();
        harness.Time.Advance(TimeSpan.FromMinutes(1));

        await gates.RunDueAsync(harness.Time.GetUtcNow(), Token);

        Assert.IsType<GateAnswer.Changed>(await old.AskAsync());
        Assert.NotSame(old, gates.Of(Id));
        Assert.IsType<GateAnswer.Open>(await gates.Of(Id).AskAsync());
    }

    [Fact]
    public async Task Meter_OfARate_IsRemovedWhenNoStartCountsAnyMore()
    {
        await using var harness = Harness(("Rate", "60/00:10:00"), ("Burst", "1"));
        var gates = harness.Services.GetRequiredService<LocalGates>();
        await Assert.IsType<GateAnswer.Open>(await GateOf(harness).AskAsync()).Permit.ReturnAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(9));
        await gates.RunDueAsync(harness.Time.GetUtcNow(), Token);
        Assert.NotNull((await Store(harness).ReadMeterAsync(Id, Token)).NextArrival);

        harness.Time.Advance(TimeSpan.FromSeconds(10));
        await gates.RunDueAsync(harness.Time.GetUtcNow(), Token);
        Assert.Equal(Meter.Fresh, await Store(harness).ReadMeterAsync(Id, Token));
    }

    [Fact]
    public async Task Gate_InUse_IsNotRetired()
    {
        await using var harness = Harness(("Concurrency", "1"));
        var gate = GateOf(harness);
        Assert.IsType<GateAnswer.Open>(await gate.AskAsync());
        harness.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.False(gate.TryRetire());
    }

    private static LocalGate GateOf(JobTestHarness harness) => harness.Services.GetRequiredService<LocalGates>().Of(Id);

    private static InMemoryLimitStore Store(JobTestHarness harness) =>
        Assert.IsType<InMemoryLimitStore>(harness.Services.GetRequiredService<ILimitStore>());

    private static JobTestHarness Harness(params (string Name, string Value)[] settings) => new(new JobTestHarnessOptions
    {
        Handlers = [typeof(ScriptedJob)],
        ConfigureServices = services => services.AddSingleton(new Script()),
        Configuration = [.. settings.Select(
            setting => KeyValuePair.Create($"JobPipeline:Limits:a:{setting.Name}", (string?)setting.Value))],
    });
}
