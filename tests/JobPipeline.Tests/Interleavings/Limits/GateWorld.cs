using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>
/// Instances that share storage, in virtual time and on one thread. The seed decides how long each operation takes, which fail, and who
/// dies when.
/// </summary>
internal sealed class GateWorld
{
    /// <summary>Everything has to end by then: no job waits for ever while there is capacity.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    private readonly OneThread _thread = new();
    private readonly List<GateInstance> _instances = [];
    private int _hired;

    private GateWorld(GateScenario scenario, int seed)
    {
        (Scenario, Random) = (scenario, new Random(seed));
        Queue = new InMemoryQueue(Time);
        History = new GateHistory(scenario, Time);
        Settings = new ConfigurationBuilder().AddInMemoryCollection(
            scenario.Limits.Select(setting => KeyValuePair.Create("JobPipeline:Limits:" + setting.Key, (string?)setting.Value))
                .Concat(scenario.Names.Index().Select(
                    limit => KeyValuePair.Create($"JobPipeline:Jobs:{GatedJob.Type}:Limits:{limit.Index}", (string?)limit.Item)))).Build();
    }

    public GateScenario Scenario { get; }

    public Random Random { get; }

    public VirtualTimeProvider Time { get; } = new();

    public InMemoryQueue Queue { get; }

    public InMemoryJobStore Jobs { get; } = new();

    public ILimitStore Limits { get; } = new InMemoryLimitStore();

    public GateHistory History { get; }

    public IConfiguration Settings { get; }

    /// <summary>Runs the scenario. Returns what went wrong; null if nothing did.</summary>
    public static string? Run(GateScenario scenario, int seed)
    {
        var before = SynchronizationContext.Current;
        var world = new GateWorld(scenario, seed);
        try
        {
            SynchronizationContext.SetSynchronizationContext(world._thread);
            return world.Run() is { } broken
                ? $"{scenario}, seed {seed}: {broken}\n{string.Join('\n', world.History.Notes)}"
                : null;
        }
        finally
        {
            foreach (var instance in world._instances)
                _ = instance.DisposeAsync().AsTask();
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private string? Run()
    {
        for (var i = 0; i < Scenario.Instances; i++)
            Hire();
        var ids = new List<JobId>();
        var producing = ProduceAsync(ids);
        _ = KillAsync();
        _ = ActAsync(ids, Scenario.Cancels, (instance, id) => instance.Client.CancelAsync(id, "no longer needed"));
        _ = ActAsync(
            ids, Scenario.Expedites, (instance, id) => instance.Expediter.ExpediteAsync(id, "ada", "it is urgent", default));
        var end = Time.GetUtcNow() + Patience;
        while (true)
        {
            _thread.Drain();
            if (History.Broken is { } broken)
                return broken;
            var haveEnded = producing.IsCompleted && ids.TrueForAll(HasEnded);
            if (haveEnded && ((InMemoryLimitStore)Limits).NextDue is null)
                return null;
            if (Time.GetUtcNow() > end)
                return haveEnded
                    ? $"a lot is left; {Describe()}"
                    : $"{ids.Count(id => !HasEnded(id))} of {ids.Count} jobs have not ended; {Describe()}";
            Time.Advance(Time.NextDue is { } due && due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.FromMilliseconds(1));
        }
    }

    private string Describe()
    {
        var gates = Scenario.Names.Select(name =>
        {
            var lot = Limits.ReadLotAsync(new GateId(name, ""), 99, withUnstarted: true, default).Result;
            var kept = lot.Unstarted.Count(row => row.IsKept);
            return $"{name}: {lot.Waiting.Count} wait, {lot.Unstarted.Count} granted ({kept} kept), lot {lot.Version}, {lot.Meter}";
        });
        return $"{string.Join("; ", gates)}; next due {((InMemoryLimitStore)Limits).NextDue:HH:mm:ss}; messages "
            + string.Join(", ", PriorityQueues.Received.Select(queue => $"{queue} {Queue.Count(queue)}"));
    }

    private bool HasEnded(JobId id) =>
        Jobs.ReadAsync(id, default) is { IsCompletedSuccessfully: true, Result.Record: { } record } && record.Status.State.IsTerminal();

    private void Hire()
    {
        var skew = Scenario.Skew * ((Random.NextDouble() * 2) - 1);
        var instance = new GateInstance(this, $"i{_hired++}", skew);
        _instances.Add(instance);
        instance.Start();
    }

    private async Task ProduceAsync(List<JobId> ids)
    {
        // A producer of its own, whose operations do not fail.
        var spec = new JobSpec { Type = GatedJob.Type, Payload = "{\"number\":1}"u8.ToArray() };
        for (var i = 0; i < Scenario.Jobs; i++)
        {
            var id = JobId.Create(Time.GetUtcNow());
            ids.Add(id);
            var body = MessageOf(id, spec with { EnqueuedAt = Time.GetUtcNow() });
            await Queue.SendAsync(PriorityQueues.Normal, body, TimeSpan.Zero, default);
            if (Random.Next(3) == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(Scenario.LongestGap)), Time);
        }
    }

    private static byte[] MessageOf(JobId id, JobSpec spec) => JobPipeline.Jobs.Wire.JobMessageWriter.Write(id, 1, spec);

    /// <summary>People act on jobs, whatever they are at.</summary>
    private async Task ActAsync(List<JobId> ids, int times, Func<GateInstance, JobId, Task> act)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(100, 4000)), Time);
            var living = _instances.Where(instance => !instance.IsDead).ToList();
            try
            {
                await act(living[Random.Next(living.Count)], ids[Random.Next(ids.Count)]);
            }
            catch (IOException e)
            {
                History.Note($"not done: {e.Message}");
            }
        }
    }

    private async Task KillAsync()
    {
        for (var i = 0; i < Scenario.Kills; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(200, 15_000)), Time);
            var living = _instances.Where(instance => !instance.IsDead).ToList();
            living[Random.Next(living.Count)].Kill();
            Hire();
        }
    }
}
