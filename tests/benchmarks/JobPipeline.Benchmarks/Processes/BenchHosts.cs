using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Hosting;
using JobPipeline.SelfHost;
using JobPipeline.TestTools.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Benchmarks.Processes;

/// <summary>Starts hosts as processes of their own, with the runtime settings of the shipped self-host.</summary>
internal static class BenchHosts
{
    public const string Command = "host";
    private static readonly string Folder = AppContext.BaseDirectory;

    /// <summary>The self-host as shipped, without jobs of its own.</summary>
    public static Task<HostProcess> StartShippedAsync(string connection, CancellationToken cancellationToken) =>
        StartAsync([Path.Combine(Folder, "JobPipeline.SelfHost.dll")], connection, cancellationToken);

    /// <summary>The self-host with the jobs of this program.</summary>
    public static Task<HostProcess> StartWithJobsAsync(string connection, CancellationToken cancellationToken) =>
        StartAsync([.. ThisProgram, Command], connection, cancellationToken);

    /// <inheritdoc cref="BareHost"/>
    public static Task<HostProcess> StartBareAsync(CancellationToken cancellationToken) =>
        StartAsync([.. ThisProgram, BareHost.Command], connection: "", cancellationToken);

    /// <summary>Runs the self-host in this process, which <see cref="StartWithJobsAsync"/> started.</summary>
    public static Task<int> RunAsync(string[] args) => SelfHostApplication.RunAsync(args, AddServices, typeof(SingleJob).Assembly);

    private static string[] ThisProgram =>
    [
        "exec", "--runtimeconfig", Path.Combine(Folder, "JobPipeline.SelfHost.runtimeconfig.json"),
        Path.Combine(Folder, "JobPipeline.Benchmarks.dll"),
    ];

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StartClock>().AddSingleton<HandledWork>();
        foreach (var workflow in BenchWorkflows.All)
            services.AddWorkflow(workflow);
    }

    private static Task<HostProcess> StartAsync(string[] program, string connection, CancellationToken cancellationToken) =>
        HostProcess.StartAsync(
            program,
            [$"JobPipeline:Storage:ConnectionString={connection}", "Logging:LogLevel:Default=Warning"],
            HostProcess.FreeAddress(),
            line => Console.WriteLine($"   host: {line}"),
            cancellationToken: cancellationToken);
}
