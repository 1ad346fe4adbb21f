using JobPipeline.DurableEngine;
using JobPipeline.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>The double with a few activities and one orchestrator, <c>main</c>.</summary>
internal sealed class DoubleRig
{
    public const string Id = "one";

    public DoubleRig(Func<TaskOrchestrationContext, Task<object?>> main)
    {
        Engine = new OrchestrationDouble(Time);
        Client = new DurableClientDouble(Engine);
        Engine.AddOrchestrator("main", main);
        Engine.AddActivity("double", input =>
        {
            Calls.Add(input!);
            return Task.FromResult<object?>(2 * int.Parse(input!, null));
        });
        Engine.AddActivity("fail", input =>
        {
            Calls.Add(input ?? "");
            throw new InvalidDataException("no good", new IOException("deep down"));
        });
    }

    public VirtualTimeProvider Time { get; } = new();

    public OrchestrationDouble Engine { get; }

    public DurableClientDouble Client { get; }

    /// <summary>The inputs of the activities, in the order in which they ran.</summary>
    public List<string> Calls { get; } = [];

    public DurableInstance Main => Engine.Find(Id)!;

    public Task StartAsync(object? input = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync("main", input, new StartOrchestrationOptions(Id), Token);

    public Task RunDueAsync() => Engine.RunDueAsync(Token);

    /// <summary>Starts the orchestration and runs everything to its end.</summary>
    public async Task<DurableInstance> RunAsync(object? input = null)
    {
        await StartAsync(input);
        await Engine.RunUntilIdleAsync(Token);
        return Main;
    }

    public Task RaiseAsync(string name, object? payload = null) => Client.RaiseEventAsync(Id, name, payload, Token);

    public async Task<OrchestratorDefectException> DefectAsync()
    {
        await StartAsync();
        return await Assert.ThrowsAsync<OrchestratorDefectException>(() => Engine.RunUntilIdleAsync(Token));
    }

    public async Task<OrchestrationRuntimeStatus> StatusAsync() => (await Client.GetInstanceAsync(Id, Token))!.RuntimeStatus;

    /// <summary>
    /// Cancels synchronously on this thread, because <see cref="CancellationTokenSource.CancelAsync"/> does not return a task of
    /// the context.
    /// </summary>
    public static void Cancel(CancellationTokenSource source) => source.Cancel();

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
