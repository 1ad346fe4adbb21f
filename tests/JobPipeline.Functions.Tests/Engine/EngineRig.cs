using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Tests.Azurite;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Engine;

/// <summary>
/// The app's orchestrator and activities on the engine of Durable Functions, with its own worker and gRPC, in real time. Jobs
/// and values are stored on Azurite, histories in memory.
/// </summary>
internal sealed class EngineRig : IAsyncDisposable
{
    /// <summary>A field, because the analyzers of this version fail on a method of another assembly in the registration.</summary>
    private static readonly Func<TaskOrchestrationContext, string, Task<string>> Orchestrator = (context, _) =>
        WorkflowOrchestrator.RunAsync(context);

    private readonly AzuriteRig _app;
    private readonly DurableTaskTestHost _engine;
    private readonly Counts _counts;

    /// <summary>Silences the engine's hosts, which log every call to the console; they offer no other setting.</summary>
    static EngineRig() => Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");

    private EngineRig(AzuriteRig app, DurableTaskTestHost engine, Counts counts) => (_app, _engine, _counts) = (app, engine, counts);

    /// <summary>Gets the number of strands that were run.</summary>
    public int Strands => _counts.Strands;

    public IServiceProvider Services => _app.Services;

    public AzuriteRig App => _app;

    public FlowScript Script => _app.FlowScript;

    public IWorkflowRuntime Workflows => Services.GetRequiredService<IWorkflowRuntime>();

    public DurableTaskClient Client => _engine.Client;

    public static Task<EngineRig> StartAsync(SharedAzurite azurite, params string[] definitions) => StartAsync(azurite, definitions, []);

    public static async Task<EngineRig> StartAsync(SharedAzurite azurite, string[] definitions, KeyValuePair<string, string?>[] settings)
    {
        var app = await AzuriteRig.StartAsync(
            azurite,
            services =>
            {
                foreach (var definition in definitions)
                    services.AddSingleton(
                        WorkflowReader.Read(Encoding.UTF8.GetBytes(definition), out var faults)
                            ?? throw new InvalidOperationException(string.Join("; ", faults)));
            },
            settings);
        var steps = ActivatorUtilities.CreateInstance<RunStepActivity>(app.Services);
        var items = ActivatorUtilities.CreateInstance<ItemActivities>(app.Services);
        var strands = ActivatorUtilities.CreateInstance<StrandActivities>(app.Services);
        var instances = ActivatorUtilities.CreateInstance<InstanceActivities>(app.Services);
        var counts = new Counts();
        var engine = await DurableTaskTestHost.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<string, string>(WorkflowOrchestrator.Name, Orchestrator)
                .AddActivityFunc<string, string>(RunStepActivity.Name, (_, order) => steps.RunAsync(order, CancellationToken.None))
                .AddActivityFunc<string, string>(ItemActivities.Run, (_, order) => items.RunAsync(order, CancellationToken.None))
                .AddActivityFunc<string>(ItemActivities.Stop, (_, order) => items.StopAsync(order))
                .AddActivityFunc<string, string>(StrandActivities.Run, (_, order) =>
                {
                    Interlocked.Increment(ref counts.Strands);
                    return strands.RunAsync(order, CancellationToken.None);
                })
                .AddActivityFunc<string>(StrandActivities.Stop, (_, order) => strands.StopAsync(order))
                .AddActivityFunc<string, string>(InstanceActivities.Expand, (_, order) => instances.ExpandAsync(order))
                .AddActivityFunc<string, string>(InstanceActivities.PrepareChild, (_, order) => instances.PrepareChildAsync(order))
                .AddActivityFunc<string>(InstanceActivities.Stop, (_, order) => instances.StopAsync(order))
                .AddActivityFunc<string>(InstanceActivities.Take, (_, taken) => instances.TakeAsync(taken))
                .AddActivityFunc<string>(InstanceActivities.Save, (_, state) => instances.SaveAsync(state))
                .AddActivityFunc<string>(InstanceActivities.End, (_, state) => instances.EndAsync(state)),
            new DurableTaskTestHostOptions { Port = FreePort() });
        app.Services.GetRequiredService<DurableClients>().Use(engine.Client);
        return new EngineRig(app, engine, counts);
    }

    /// <summary>Starts an instance of <c>flow</c>. With a slice size, the instance was created before by a process that died.</summary>
    public async Task<string> StartWorkflowAsync(object? input = null, int? itemsPerSlice = null)
    {
        var id = Guid.NewGuid().ToString();
        var definition = Services.GetRequiredService<WorkflowCatalog>().Find("flow")!;
        if (itemsPerSlice is { } slice)
        {
            await Services.GetRequiredService<IWorkflowData>().WriteAsync(
                id,
                [KeyValuePair.Create(WorkflowDataName.Input, (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(input))],
                CancellationToken.None);
            await Services.GetRequiredService<IWorkflowStore>().TryWriteAsync(
                WorkflowInstance.Create(definition, id, null, null, TimeProvider.System.GetUtcNow(), slice), CancellationToken.None);
            Assert.False(await Workflows.StartAsync(definition, id, default, null, CancellationToken.None));
            return id;
        }

        Assert.True(
            await Workflows.StartAsync(
                definition,
                id,
                input is null ? default : JsonSerializer.SerializeToUtf8Bytes(input),
                null,
                TestContext.Current.CancellationToken));
        return id;
    }

    public async Task<WorkflowInstance> ReadAsync(string id) =>
        Assert.IsType<WorkflowInstance>(await Workflows.ReadAsync(id, TestContext.Current.CancellationToken));

    /// <summary>Waits until the workflow instance satisfies the condition.</summary>
    public async Task<WorkflowInstance> UntilAsync(string id, Func<WorkflowInstance, bool> condition, string what)
    {
        await Eventually.TrueAsync(async () => condition(await ReadAsync(id)), what);
        return await ReadAsync(id);
    }

    public Task<WorkflowInstance> EndAsync(string id) =>
        UntilAsync(id, instance => instance.State.Status.IsTerminal(), $"workflow {id} has ended");

    public async Task<string?> OutputAsync(string id, string? step = null)
    {
        var name = step is null ? WorkflowDataName.Output : WorkflowDataName.Step(step);
        var bytes = await Services.GetRequiredService<IWorkflowData>().ReadAsync(id, name, CancellationToken.None);
        return bytes is null ? null : Encoding.UTF8.GetString(bytes.Value.Span);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _app.DisposeAsync();
    }

    private sealed class Counts
    {
        public int Strands;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
