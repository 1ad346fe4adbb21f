using System.Text.Json;

namespace JobPipeline.DurableEngine;

/// <summary>Runs activities at least once.</summary>
internal sealed class ActivityRunner(JsonSerializerOptions json)
{
    private readonly Dictionary<string, Func<string?, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public Func<string, ActivityFault> Fault { get; set; } = static _ => ActivityFault.None;

    public void Add(string name, Func<string?, Task<object?>> run) => _activities.Add(name, run);

    public async Task RunAsync(Decision.CallActivity call, Action<HistoryEntry> answer)
    {
        var fault = Fault(call.Name);
        if (fault == ActivityFault.Fails)
        {
            answer(new HistoryEntry.Failed(call.Id, DurableJson.Failure(new IOException("The activity could not be run."))));
            return;
        }

        for (var run = 0; run < (fault == ActivityFault.RunsTwice ? 2 : 1); run++)
            answer(await RunOnceAsync(call));
    }

    private async Task<HistoryEntry> RunOnceAsync(Decision.CallActivity call)
    {
        var activity = _activities.GetValueOrDefault(call.Name)
            ?? throw new InvalidOperationException($"There is no activity '{call.Name}'.");
        try
        {
            return new HistoryEntry.Succeeded(call.Id, DurableJson.Write(await activity(call.Input), json));
        }
        catch (Exception e)
        {
            return new HistoryEntry.Failed(call.Id, DurableJson.Failure(e));
        }
    }
}

/// <summary>The fault that is injected into an activity call.</summary>
internal enum ActivityFault
{
    None,

    /// <summary>The activity runs twice and returns two results.</summary>
    RunsTwice,

    /// <summary>The activity is not run, and the call fails.</summary>
    Fails,
}
